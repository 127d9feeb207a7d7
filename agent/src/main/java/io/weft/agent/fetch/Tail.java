package io.weft.agent.fetch;

import io.weft.controlplane.api.PartitionBounds;
import io.weft.model.AbortedRange;
import io.weft.model.Extent;
import io.weft.model.Marker;
import io.weft.model.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One version of a partition's newest part. Immutable.
///
/// A reader that begins at `windowStart` or later needs to know only those aborted transactions
/// whose markers are among the spans here: one that ended before has no records there, and one that
/// has not ended is not below the last stable offset. So a tail starts without a list of aborted
/// transactions.
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

  /// The next version; the window moves up once it holds more than `settings` allow.
  Tail advanced(PartitionBounds next, List<Span> appended, TailSettings settings) {
    if (appended.isEmpty()) {
      return new Tail(next, windowStart, spans);
    }
    List<Span> all = new ArrayList<>(spans.size() + appended.size());
    all.addAll(spans);
    all.addAll(appended);
    return windowed(next, windowStart, all, settings);
  }

  /// As it is when these have taken the place of the extents with the same offsets; the same if all
  /// of those lie before the window. Where it begins among them, it begins with the first of these
  /// that reaches into it: that one lies before all markers there are.
  ///
  /// @param extents at least one, in offset order
  /// @return empty if there is something else at these offsets
  Optional<Tail> replaced(List<Extent> extents, TailSettings settings) {
    long first = extents.getFirst().baseOffset();
    long end = extents.getLast().lastOffset() + 1;
    if (end <= windowStart) {
      return Optional.of(this);
    }
    int from = spans.size() - from(first).size();
    int to = spans.size() - from(end).size();
    if (!isRun(spans.subList(from, to), Math.max(first, windowStart), end)) {
      return Optional.empty();
    }
    List<Span> all = new ArrayList<>(spans.subList(0, from));
    extents.stream().filter(extent -> extent.lastOffset() >= windowStart).forEach(all::add);
    all.addAll(spans.subList(to, spans.size()));
    long start = Math.min(windowStart, all.getFirst().baseOffset());
    return Optional.of(windowed(bounds, start, all, settings));
  }

  /// Whether these are extents with exactly the offsets from `from` up to, not including, `end`.
  private static boolean isRun(List<Span> spans, long from, long end) {
    return !spans.isEmpty()
        && spans.stream().allMatch(Extent.class::isInstance)
        && spans.getFirst().baseOffset() == from
        && spans.getLast().lastOffset() + 1 == end;
  }

  private static Tail windowed(
      PartitionBounds bounds, long start, List<Span> all, TailSettings settings) {
    int dropped = excess(all, settings);
    return new Tail(
        bounds,
        dropped == 0 ? start : all.get(dropped).baseOffset(),
        List.copyOf(all.subList(dropped, all.size())));
  }

  /// How many spans at the beginning are too many.
  private static int excess(List<Span> spans, TailSettings settings) {
    int extents = 0;
    int markers = 0;
    for (int i = spans.size() - 1; i >= 0; i--) {
      switch (spans.get(i)) {
        case Extent extent -> extents++;
        case Marker marker -> markers++;
      }
      if (extents > settings.extentsMax() || markers > settings.markersMax()) {
        return i + 1;
      }
    }
    return 0;
  }

  /// Whether it can be said from here what there is from this offset on.
  boolean reaches(long offset) {
    return offset >= windowStart
        && offset >= bounds.logStartOffset()
        && offset <= bounds.highWatermark();
  }

  /// Whether there is nothing to read from this offset on, and only time will tell what there will
  /// be: it may lie far below the window.
  boolean holdsBack(long offset, Isolation isolation) {
    return offset >= bounds.logStartOffset()
        && offset >= isolation.end(bounds)
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
