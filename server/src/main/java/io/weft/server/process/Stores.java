package io.weft.server.process;

import io.weft.environment.Environment;
import io.weft.server.settings.SettingException;
import io.weft.storage.object.MeasuringObjectStore;
import io.weft.storage.object.ObjectStore;
import io.weft.storage.object.RetrySettings;
import io.weft.storage.object.RetryingObjectStore;
import io.weft.storage.object.url.ObjectStoreUrl;

/// Opens stores as processes use them: each attempt measured, failures retried.
final class Stores {
  private Stores() {}

  /// @param setting the name of the setting the URL is from, for the message
  static ObjectStore open(
      String setting, String url, RetrySettings retries, Environment environment) {
    try {
      ObjectStore plain = ObjectStoreUrl.parse(url).open(environment);
      ObjectStore measured = new MeasuringObjectStore(plain, setting, environment);
      return new RetryingObjectStore(measured, retries, environment);
    } catch (IllegalArgumentException e) {
      throw new SettingException(
          "%s is '%s', which cannot be used: %s".formatted(setting, url, e.getMessage()));
    }
  }
}
