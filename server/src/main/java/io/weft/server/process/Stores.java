package io.weft.server.process;

import io.weft.controlplane.postgresql.JournalUrl;
import io.weft.environment.Environment;
import io.weft.server.metrics.Metrics;
import io.weft.server.settings.SettingException;
import io.weft.storage.object.MeasuringObjectStore;
import io.weft.storage.object.ObjectStore;
import io.weft.storage.object.ObjectStoreException;
import io.weft.storage.object.RetrySettings;
import io.weft.storage.object.RetryingObjectStore;
import io.weft.storage.object.url.ObjectStoreUrl;

/// Opens stores as processes use them: each attempt measured and shown, failures retried.
final class Stores {
  private static final String JOURNAL = "journal";

  private final Metrics metrics;
  private final Environment environment;

  Stores(Metrics metrics, Environment environment) {
    this.metrics = metrics;
    this.environment = environment;
  }

  /// @param setting the name of the setting the URL is from, for the message
  /// @param purpose of the store, as metrics name it: `bucket` for records, or `journal`
  OpenStore open(String setting, String purpose, String url, RetrySettings retries) {
    try {
      ObjectStore plain =
          purpose.equals(JOURNAL)
              ? JournalUrl.open(url, environment)
              : ObjectStoreUrl.parse(url).open(environment);
      MeasuringObjectStore measured = new MeasuringObjectStore(plain, purpose, environment);
      metrics.addStore(measured::figures);
      return new OpenStore(
          setting,
          JournalUrl.shown(url),
          measured,
          new RetryingObjectStore(measured, retries, environment));
    } catch (IllegalArgumentException | ObjectStoreException.Rejected e) {
      throw new SettingException(
          "%s is '%s', which cannot be used: %s"
              .formatted(setting, JournalUrl.shown(url), e.getMessage()));
    }
  }
}
