package io.weft.agent.ahead;

import io.weft.agent.cache.Chunks;
import io.weft.agent.memory.ByteBudget;
import io.weft.model.Extent;
import io.weft.storage.file.FilePlace;

/// A range of a file that is brought ahead of one reader. Guarded by the lock of [ReadAhead].
final class AheadPiece {
  private final Extent extent;
  private final long position;
  private final int length;
  private final ByteBudget.Share share;
  private boolean isBrought;

  AheadPiece(Extent extent, long position, int length, ByteBudget.Share share) {
    this.extent = extent;
    this.position = position;
    this.length = length;
    this.share = share;
  }

  FilePlace file() {
    return FilePlace.of(extent);
  }

  long position() {
    return position;
  }

  int length() {
    return length;
  }

  /// Whether a reader at this offset has read all of it.
  boolean isBehind(long offset) {
    return extent.lastOffset() < offset;
  }

  /// Whether a reader at this offset has read none of it.
  boolean isBefore(long offset) {
    return extent.baseOffset() >= offset;
  }

  boolean isBrought() {
    return isBrought;
  }

  void bring() {
    isBrought = true;
  }

  boolean isHeldBy(Chunks chunks) {
    return chunks.holds(file(), position, length);
  }

  void release() {
    share.release();
  }
}
