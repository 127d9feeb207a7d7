package io.weft.agent.fetch;

import io.weft.controlplane.api.PartitionBounds;
import io.weft.model.Extent;
import java.util.ArrayList;
import java.util.List;

/// One version of a partition's newest part. Immutable.
///
/// @param bounds at this version
/// @param windowStart the first offset whose place is known
/// @param extents everything from `windowStart` up to the high watermark, in offset order
record Tail(PartitionBounds bounds, long windowStart, List<Extent> extents) {
  /// Nothing is known yet but the bounds.
  static Tail at(PartitionBounds bounds) {
    return new Tail(bounds, bounds.highWatermark(), List.of());
  }

  /// Whether `appended` follows this tail without a gap and ends at the high watermark of `next`.
  boolean isFollowedBy(PartitionBounds next, List<Extent> appended) {
    long offset = bounds.highWatermark();
    for (Extent extent : appended) {
      if (extent.baseOffset() != offset) {
        return false;
      }
      offset = extent.lastOffset() + 1;
    }
    return offset == next.highWatermark();
  }

  /// The next version; the window moves up once it holds more than `extentsMax`.
  Tail advanced(PartitionBounds next, List<Extent> appended, int extentsMax) {
    if (appended.isEmpty()) {
      return new Tail(next, windowStart, extents);
    }
    int dropped = Math.max(0, extents.size() + appended.size() - extentsMax);
    List<Extent> kept = new ArrayList<>(extents.size() + appended.size() - dropped);
    kept.addAll(extents.subList(Math.min(dropped, extents.size()), extents.size()));
    kept.addAll(appended.subList(Math.max(0, dropped - extents.size()), appended.size()));
    long start = dropped == 0 ? windowStart : kept.getFirst().baseOffset();
    return new Tail(next, start, List.copyOf(kept));
  }

  /// Whether it can be said from here what there is from this offset on.
  boolean reaches(long offset) {
    return offset >= windowStart
        && offset >= bounds.logStartOffset()
        && offset <= bounds.highWatermark();
  }

  /// The extents with the offsets from `offset` on.
  List<Extent> from(long offset) {
    int low = 0;
    int high = extents.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (extents.get(middle).lastOffset() < offset) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return extents.subList(low, extents.size());
  }

  /// Bytes of the extents with offsets from `from` up to, not including, `end`.
  long bytesBetween(long from, long end) {
    long bytes = 0;
    for (Extent extent : from(from)) {
      if (extent.baseOffset() < end) {
        bytes += extent.length();
      }
    }
    return bytes;
  }
}
