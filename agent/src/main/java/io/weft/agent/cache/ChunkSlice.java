package io.weft.agent.cache;

import io.weft.protocol.record.GatheredBytes;
import io.weft.storage.file.FileFooter;
import java.util.Optional;

/// A part of one chunk's bytes.
///
/// @param chunk what it is a part of
/// @param from where the part begins, in the file
public record ChunkSlice(Chunk chunk, long from, GatheredBytes bytes) {
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
}
