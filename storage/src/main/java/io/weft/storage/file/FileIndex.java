package io.weft.storage.file;

import java.util.List;

/// A file's footer: what lies where, in file order.
public record FileIndex(List<FileExtent> extents) {}
