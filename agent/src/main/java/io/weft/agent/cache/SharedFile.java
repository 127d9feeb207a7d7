package io.weft.agent.cache;

import io.weft.protocol.record.GatheredBytes;
import io.weft.storage.file.FileFooter;
import io.weft.storage.file.FilePlace;

/// A file of which another agent sends pieces, with what the file says of itself according to that
/// agent. Its bytes are believed no more than a store's: they pass the same checks. Immutable.
public final class SharedFile {
  private final FilePlace place;
  private final FileCheck check;

  private SharedFile(FilePlace place, FileCheck check) {
    this.place = place;
    this.check = check;
  }

  /// @param clusterId the cluster that the file is to belong to
  public static SharedFile of(String clusterId, FilePlace place, FileFooter footer) {
    return new SharedFile(place, FileCheck.of(clusterId, place.fileId(), () -> footer));
  }

  /// Whether it says that it is the file that was asked for.
  public boolean isTheOneAskedFor() {
    return switch (check) {
      case FileCheck.Passed passed -> true;
      case FileCheck.Failed failed -> false;
    };
  }

  /// A piece of it.
  ///
  /// @param position where it begins in the file
  public Chunk piece(long position, GatheredBytes bytes) {
    return Chunk.onHeap(place, position, bytes, check);
  }

  public int sizeInBytes() {
    return check.sizeInBytes();
  }
}
