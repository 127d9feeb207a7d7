package io.weft.agent.cache;

import io.weft.agent.memory.Lease;
import io.weft.protocol.record.GatheredBytes;
import io.weft.storage.file.FileFooter;
import java.util.List;
import java.util.Optional;

/// A part of one chunk's bytes, there for as long as its reader has not released it.
///
/// @param chunk what it is a part of
/// @param from where the part begins, in the file
/// @param lease what keeps the bytes
public record ChunkSlice(Chunk chunk, long from, GatheredBytes bytes, Lease lease) {
  /// What the file says of itself; empty if it is not the file it is thought to be.
  public Optional<FileFooter> footer() {
    return switch (chunk.check()) {
      case FileCheck.Passed(FileFooter footer) -> Optional.of(footer);
      case FileCheck.Failed failed -> Optional.empty();
    };
  }

  public long to() {
    return from + bytes.length();
  }

  /// Its bytes are not looked at any more; to be called once.
  public void release() {
    lease.release();
  }

  public static void releaseAll(List<ChunkSlice> slices) {
    slices.forEach(ChunkSlice::release);
  }
}
