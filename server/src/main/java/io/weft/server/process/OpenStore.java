package io.weft.server.process;

import io.weft.server.settings.SettingException;
import io.weft.storage.object.ObjectStore;
import io.weft.storage.object.ObjectStoreException;

/// A store that has been opened, and where that was said.
///
/// @param setting the name of the setting its URL is from, for messages
/// @param url as it was set
/// @param attempts the store with every call an attempt of its own
/// @param retrying the same, tried again where an attempt fails
record OpenStore(String setting, String url, ObjectStore attempts, ObjectStore retrying) {
  /// For people.
  String name() {
    return "the store of %s (%s)".formatted(setting, url);
  }

  /// The store refuses what this process needs of it, so what was set is wrong.
  SettingException unusable(ObjectStoreException refusal) {
    return new SettingException(
        "%s is '%s', which cannot be used: %s.".formatted(setting, url, refusal.getMessage()));
  }
}
