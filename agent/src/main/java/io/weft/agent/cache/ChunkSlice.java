package io.weft.agent.cache;

import io.weft.protocol.record.GatheredBytes;

/// A part of one chunk's bytes.
///
/// @param chunk what it is a part of
/// @param from where the part begins, in the file
public record ChunkSlice(Chunk chunk, long from, GatheredBytes bytes) {
  public long to() {
    return from + bytes.length();
  }
}
