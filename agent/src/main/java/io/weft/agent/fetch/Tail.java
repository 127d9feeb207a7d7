package io.weft.agent.fetch;

import io.weft.controlplane.api.PartitionBounds;
import io.weft.model.AbortedRange;
import io.weft.model.Marker;
import io.weft.model.Span;
import java.util.ArrayList;
import java.util.List;

/// One version of a partition's newest part. Immutable.
///
/// Whoever reads from `windowStart` or later needs to know of no aborted transaction but those
/// whose markers are among the spans here: one that ended before has no records there, and one that
/// has not ended is not below the last stable offset. So a tail needs to be told of none when it
/// begins.
///
/// @param bounds at this version
/// @param windowStart the first offset whose place is known
/// @param spans everything from `windowStart` up to the high watermark, in offset order
record Tail(PartitionBounds bounds, long windowStart, List<Span> spans) {
  /// Nothing is known yet but the bounds.
  static Tail at(PartitionBounds bounds) {
    return new Tail(bounds, bounds.highWatermark(), List.of());
  }

  /// Whether `appended` follows this tail without a gap and ends at the high watermark of `next`.
  boolean isFollowedBy(PartitionBounds next, List<Span> appended) {
    long offset = bounds.highWatermark();
    for (Span span : appended) {
      if (span.baseOffset() != offset) {
        return false;
      }
      offset = span.lastOffset() + 1;
    }
    return offset == next.highWatermark();
  }

  /// The next version; the window moves up once it holds more than `spansMax`.
  Tail advanced(PartitionBounds next, List<Span> appended, int spansMax) {
    if (appended.isEmpty()) {
      return new Tail(next, windowStart, spans);
    }
    int dropped = Math.max(0, spans.size() + appended.size() - spansMax);
    List<Span> kept = new ArrayList<>(spans.size() + appended.size() - dropped);
    kept.addAll(spans.subList(Math.min(dropped, spans.size()), spans.size()));
    kept.addAll(appended.subList(Math.max(0, dropped - spans.size()), appended.size()));
    long start = dropped == 0 ? windowStart : kept.getFirst().baseOffset();
    return new Tail(next, start, List.copyOf(kept));
  }

  /// Whether it can be said from here what there is from this offset on.
  boolean reaches(long offset) {
    return offset >= windowStart
        && offset >= bounds.logStartOffset()
        && offset <= bounds.highWatermark();
  }

  /// The spans with the offsets from `offset` on.
  List<Span> from(long offset) {
    int low = 0;
    int high = spans.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (spans.get(middle).lastOffset() < offset) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return spans.subList(low, spans.size());
  }

  /// The aborted transactions that may have records from `offset` on, by where they ended.
  List<AbortedRange> abortedSince(long offset) {
    List<AbortedRange> aborted = new ArrayList<>();
    for (Span span : from(offset)) {
      if (span instanceof Marker marker) {
        marker.aborted().ifPresent(aborted::add);
      }
    }
    return aborted;
  }

  /// Bytes of the spans with offsets from `from` up to, not including, `end`.
  long bytesBetween(long from, long end) {
    long bytes = 0;
    for (Span span : from(from)) {
      if (span.baseOffset() < end) {
        bytes += span.length();
      }
    }
    return bytes;
  }
}
