package io.weft.agent.cache;

import io.weft.protocol.record.GatheredBytes;

/// A piece of a file in memory, and which of its bytes have been checked. Thread-safe; told from
/// other copies of the same piece by identity.
public final class Chunk {
  private final long fileId;
  private final long position;
  private final GatheredBytes bytes;
  private final CheckedRanges checked = new CheckedRanges();

  /// @param position where it begins in the file
  Chunk(long fileId, long position, GatheredBytes bytes) {
    this.fileId = fileId;
    this.position = position;
    this.bytes = bytes;
  }

  long fileId() {
    return fileId;
  }

  long position() {
    return position;
  }

  long end() {
    return position + bytes.length();
  }

  int length() {
    return bytes.length();
  }

  /// Ranges of the file whose batches have been checked in this copy.
  CheckedRanges checked() {
    return checked;
  }

  /// @param from in the file
  /// @param to in the file, exclusive
  ChunkSlice slice(long from, long to) {
    return new ChunkSlice(this, from, bytes.slice((int) (from - position), (int) (to - position)));
  }
}
