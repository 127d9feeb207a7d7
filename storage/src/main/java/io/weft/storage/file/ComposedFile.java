package io.weft.storage.file;

import io.weft.storage.object.ObjectBody;

/// A file ready to be put, and its index.
public record ComposedFile(ObjectBody body, FileIndex index) {}
