package io.weft.storage.file;

import io.weft.model.Extent;
import io.weft.model.FileTier;
import io.weft.storage.object.ObjectKey;

/// Where a file lies: in which of the cluster's stores, and under which key. Made of a file's id
/// here and nowhere else; code that reads, puts or checks a file is given its place.
///
/// @param fileId 0 or more
public record FilePlace(long fileId) {

  /// The place of a file with this id.
  public static FilePlace of(long fileId) {
    return new FilePlace(fileId);
  }

  /// The place of the file that holds an extent.
  public static FilePlace of(Extent extent) {
    return of(extent.fileId());
  }

  /// Of the store it lies in.
  public FileTier tier() {
    return FileTier.of(fileId);
  }

  public ObjectKey key() {
    return FileLayout.key(fileId);
  }

  @Override
  public String toString() {
    return "file " + fileId;
  }
}
