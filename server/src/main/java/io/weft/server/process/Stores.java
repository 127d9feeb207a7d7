package io.weft.server.process;

import io.weft.controlplane.postgresql.JournalUrl;
import io.weft.environment.Environment;
import io.weft.server.metrics.Metrics;
import io.weft.server.settings.SettingException;
import io.weft.server.settings.Settings;
import io.weft.server.settings.TieredStorage;
import io.weft.storage.object.MeasuringObjectStore;
import io.weft.storage.object.ObjectStore;
import io.weft.storage.object.ObjectStoreException;
import io.weft.storage.object.RetrySettings;
import io.weft.storage.object.RetryingObjectStore;
import io.weft.storage.object.url.ObjectStoreUrl;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Opens stores as processes use them: each attempt measured and shown, failures retried.
final class Stores {
  private static final String BUCKET = "bucket";
  private static final String LOW_LATENCY = "low-latency";
  private static final String TIERED_STORAGE = "tiered.storage";
  private static final String JOURNAL = "journal";

  private final Metrics metrics;
  private final Environment environment;

  Stores(Metrics metrics, Environment environment) {
    this.metrics = metrics;
    this.environment = environment;
  }

  /// The stores of a cluster's records, as an agent is told of them.
  ///
  /// @param all where everything goes but what the other is for
  /// @param lowLatency where fresh data goes, if that is another one
  record Records(OpenStore all, Optional<OpenStore> lowLatency) {
    List<OpenStore> each() {
      return Stream.concat(Stream.of(all), lowLatency.stream()).toList();
    }
  }

  /// @throws SettingException also if not exactly one of `bucket` and `tiered.storage` is set
  Records records(Settings settings) {
    String bucket = settings.text("bucket");
    String file = settings.text(TIERED_STORAGE);
    if (file.isEmpty()) {
      if (bucket.isBlank()) {
        throw new SettingException(
            "bucket is not set; give it with --bucket (bucket URL for the records, such as"
                + " s3://bucket/prefix or file:/path), or two of them with --tiered-storage.");
      }
      return new Records(open("bucket", BUCKET, bucket, RetrySettings.FILES), Optional.empty());
    }
    if (!bucket.isEmpty()) {
      throw new SettingException(
          "bucket and tiered.storage are both set; leave bucket out: the store of highLatency in"
              + " tiered.storage stands in its place.");
    }
    TieredStorage tiers = TieredStorage.read(file);
    return new Records(
        open(TIERED_STORAGE, BUCKET, tiers.highLatency(), RetrySettings.FILES),
        tiers.lowLatency().equals(tiers.highLatency())
            ? Optional.empty()
            : Optional.of(
                open(TIERED_STORAGE, LOW_LATENCY, tiers.lowLatency(), RetrySettings.FILES)));
  }

  /// @param setting the name of the setting the URL is from, for the message
  /// @param purpose of the store, as metrics name it: `bucket` or `low-latency` for records, or
  ///   `journal`
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
