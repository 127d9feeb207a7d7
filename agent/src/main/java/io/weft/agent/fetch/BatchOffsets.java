package io.weft.agent.fetch;

import io.weft.agent.cache.CorruptObjectException;
import io.weft.model.Extent;
import io.weft.protocol.record.BatchView;

/// Which offsets the batches of an extent have. Stateless.
final class BatchOffsets {
  private BatchOffsets() {}

  /// A batch's base offset.
  ///
  /// @param next the offset after the batch before it, or that of the extent
  /// @throws CorruptObjectException if it is out of order, or outside of the extent
  static long of(Extent extent, BatchView batch, long next) {
    long base = extent.hasOwnOffsets() ? batch.ownOffset() : next;
    if (base < next) {
      throw damage(
          extent,
          "the batch at offset %d comes where offset %d or a later one was expected"
              .formatted(base, next));
    }
    if (base > extent.lastOffset() + 1 - batch.offsets()) {
      throw damage(
          extent,
          "the batch at offset %d reaches beyond offset %d, the extent's last"
              .formatted(base, extent.lastOffset()));
    }
    return base;
  }

  /// Checks that an extent is over where it should be.
  ///
  /// @param next the offset after its last batch
  /// @throws CorruptObjectException if offsets are missing that are not removed records'
  static void checkEnd(Extent extent, long next) {
    if (!extent.hasOwnOffsets() && next != extent.lastOffset() + 1) {
      throw damage(
          extent,
          "its batches end before offset %d, the extent after %d"
              .formatted(next, extent.lastOffset()));
    }
  }

  private static CorruptObjectException damage(Extent extent, String what) {
    return new CorruptObjectException(extent.fileId(), extent.position(), what);
  }
}
