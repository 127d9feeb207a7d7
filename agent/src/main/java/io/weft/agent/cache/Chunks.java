package io.weft.agent.cache;

import io.weft.storage.file.FilePlace;
import java.util.List;

/// Bytes of files, from wherever they are nearest. Thread-safe; [#read] blocks.
///
/// The zone's ring and a bypass for big sequential reads fit behind this: a reader only says what
/// it needs.
public interface Chunks {
  /// Reads a range of a file that is known to exist (an extent says so).
  ///
  /// @param purpose says whether what has to be brought is kept for others; the bytes are the same
  /// @return the range, whole, as adjacent slices in order, each to be released once
  /// @throws io.weft.storage.object.ObjectStoreException as the store's; `NotFound` means that the
  ///   file has been deleted: ask the control plane again
  List<ChunkSlice> read(FilePlace place, long position, int length, ReadPurpose purpose);

  /// Whether [#read] would answer from memory, now.
  boolean holds(FilePlace place, long position, int length);

  /// Forgets the copies these slices are of, since they are damaged. No effect on newer ones. The
  /// slices may have been released.
  void drop(List<ChunkSlice> damaged);
}
