package io.weft.server.process;

import io.weft.storage.object.ObjectStore;

/// A store that has been opened, and where that was said.
///
/// @param setting the name of the setting its URL is from, for messages
/// @param url as it was set
/// @param attempts the store with every call an attempt of its own
/// @param retrying the same, tried again where an attempt fails
record OpenStore(String setting, String url, ObjectStore attempts, ObjectStore retrying) {}
