package io.weft.agent.fetch;

import io.weft.controlplane.api.PartitionBounds;
import io.weft.model.Extent;
import java.util.List;

/// Where a wanted partition's records lie.
sealed interface Located {
  /// @param extents in offset order, the first one with the offset asked for; empty at the high
  ///   watermark; not always up to it
  /// @param start a place inside the first extent, at or before the offset asked for
  record Here(PartitionBounds bounds, List<Extent> extents, Place start) implements Located {
    /// The first offset after the extents.
    long extentsEnd() {
      return extents.isEmpty() ? bounds.highWatermark() : extents.getLast().lastOffset() + 1;
    }
  }

  /// Why it cannot be read.
  record Failed(Fetched reason) implements Located {}

  /// A batch's beginning inside an extent.
  ///
  /// @param skip bytes of the extent before it
  /// @param offset of its first record
  record Place(int skip, long offset) {
    static final Place NONE = new Place(0, 0);

    static Place beginningOf(Extent extent) {
      return new Place(0, extent.baseOffset());
    }
  }
}
