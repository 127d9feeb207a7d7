package io.weft.controlplane.state.partition;

import io.weft.model.Extent;
import io.weft.model.Invariant;
import io.weft.model.Span;
import java.util.Arrays;
import java.util.List;

/// A partition's extents and markers in offset order, five longs each (see [PackedSpan]). Owned by
/// one thread.
///
/// A span begins where the one before it ends, so its first offset is not kept. The array grows by
/// a fifth: 48 bytes per span at most once there are some. Removed ones leave from the front.
final class PackedExtents {
  private static final int WIDTH = PackedSpan.WIDTH;

  private static final long[] NONE = {};

  /// Rows that share one entry in `blockMaxTimestamps`.
  private static final int BLOCK = 64;

  private long[] rows = NONE;

  /// Per block of rows its largest timestamp ever, so that a search by time can leap over it.
  private long[] blockMaxTimestamps = NONE;

  private int head;
  private int end;

  /// The first offset of the row at `head`.
  private long firstOffset;

  private long bytes;

  /// Of the extents that have one.
  private long sum;

  private int extents;
  private int unsummed;

  /// None yet.
  ///
  /// @param firstOffset where the log begins
  /// @param capacity spans there is to be room for
  static PackedExtents beginningAt(long firstOffset, int capacity) {
    PackedExtents spans = new PackedExtents();
    spans.firstOffset = firstOffset;
    if (capacity > 0) {
      spans.resize(capacity);
    }
    return spans;
  }

  int count() {
    return end - head;
  }

  /// Of the first span, or where it would begin.
  long firstOffset() {
    return firstOffset;
  }

  /// Bytes of the extents.
  long bytes() {
    return bytes;
  }

  /// The sum of the extents that have one.
  long sum() {
    return sum;
  }

  /// Spans that are no markers.
  int extents() {
    return extents;
  }

  /// Extents without a sum.
  int unsummed() {
    return unsummed;
  }

  /// Longs the arrays take, used or not.
  int longsHeld() {
    return rows.length + blockMaxTimestamps.length;
  }

  /// Appends an extent with a sum.
  void append(Extent extent, long itsSum) {
    append(extent);
    giveSum(end - 1, itsSum);
  }

  /// Appends a span; the very first says where the log begins.
  void append(Span span) {
    if (head == end) {
      firstOffset = span.baseOffset();
    } else {
      long expected = last(end - 1) + 1;
      Invariant.check(span.baseOffset() == expected, "a gap before offset %d", expected);
    }
    if ((end + 1) * WIDTH > rows.length) {
      makeRoom();
    }
    pack(span, end);
    noteTimestamp(end, span.maxTimestampMs());
    end++;
  }

  private void pack(Span span, int row) {
    PackedSpan.pack(span, rows, row * WIDTH);
    if (!isMarker(row)) {
      bytes += span.length();
      extents++;
      unsummed++;
    }
  }

  private void giveSum(int row, long itsSum) {
    PackedSpan.giveSum(itsSum, rows, row * WIDTH);
    sum += itsSum;
    unsummed--;
  }

  /// @param index 0 is the first span there is
  Span get(int index) {
    int row = head + index;
    return PackedSpan.unpack(index == 0 ? firstOffset : last(row - 1) + 1, rows, row * WIDTH);
  }

  /// Whether a span is an extent with a sum.
  boolean hasSum(int index) {
    return PackedSpan.hasSum(rows, (head + index) * WIDTH);
  }

  /// The sum of some spans, of the extents among them that have one.
  ///
  /// @param index of the first of them
  long sumOf(int index, int count) {
    long found = 0;
    for (int row = head + index; row < head + index + count; row++) {
      found += PackedSpan.sum(rows, row * WIDTH);
    }
    return found;
  }

  /// The first span that ends at the offset or after it; `count()` if there is none.
  int ceiling(long offset) {
    int low = head;
    int high = end;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (last(middle) < offset) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - head;
  }

  /// The first span from an index on whose largest timestamp is at least this; `count()` if there
  /// is none.
  int firstReaching(int index, long timestampMs) {
    int row = head + index;
    while (row < end) {
      if (blockMaxTimestamps[row / BLOCK] < timestampMs) {
        row = (row / BLOCK + 1) * BLOCK;
      } else if (timestamp(row) < timestampMs) {
        row++;
      } else {
        return row - head;
      }
    }
    return count();
  }

  /// The largest timestamp of all from an index on, or `Long.MIN_VALUE` if there are none.
  long maxTimestamp(int index) {
    long max = Long.MIN_VALUE;
    int row = head + index;
    while (row < end) {
      if (row % BLOCK == 0) {
        max = Math.max(max, blockMaxTimestamps[row / BLOCK]);
        row += BLOCK;
      } else {
        max = Math.max(max, timestamp(row++));
      }
    }
    return max;
  }

  /// How many of the first spans, up to a limit, may leave if so many bytes have to stay.
  int beyond(long bytesKept, int spansMax) {
    long spare = bytes - bytesKept;
    int count = 0;
    while (count < count() && count < spansMax && length(head + count) <= spare) {
      spare -= length(head + count);
      count++;
    }
    return count;
  }

  /// Puts extents in the place of some spans. They have the same offsets: the first one of the
  /// first, the last one of the last, and no hole.
  ///
  /// @param index of the first span that leaves
  /// @param count of those that leave
  /// @param sums of the others; empty if they have none
  void replace(int index, int count, List<Extent> others, List<Long> sums) {
    Invariant.check(
        index >= 0 && count > 0 && index + count <= count() && !others.isEmpty(),
        "cannot replace %d spans",
        count);
    Invariant.check(sums.isEmpty() || sums.size() == others.size(), "%d sums", sums.size());
    long base = index == 0 ? firstOffset : last(head + index - 1) + 1;
    long upTo = last(head + index + count - 1) + 1;
    leave(index, count);
    int first = open(index, count, others.size());
    for (int i = 0; i < others.size(); i++) {
      Extent extent = others.get(i);
      Invariant.check(extent.baseOffset() == base, "a gap before offset %d", base);
      pack(extent, first + i);
      if (!sums.isEmpty()) {
        giveSum(first + i, sums.get(i));
      }
      base = extent.lastOffset() + 1;
    }
    Invariant.check(base == upTo, "other offsets, up to %d", base);
    noteTimestampsFrom(first);
  }

  /// Spans that are about to leave do not count any more.
  private void leave(int index, int count) {
    sum -= sumOf(index, count);
    for (int row = head + index; row < head + index + count; row++) {
      if (!isMarker(row)) {
        bytes -= length(row);
        extents--;
        unsummed -= PackedSpan.hasSum(rows, row * WIDTH) ? 0 : 1;
      }
    }
  }

  /// Moves what lies behind some spans, once, so that the others fit in their place: in the arrays
  /// there are, or in new ones where these have too little room or far too much.
  ///
  /// @return the row of the first of the others
  private int open(int index, int count, int others) {
    int first = head + index;
    int behind = end - first - count;
    int needed = index + others + behind;
    int capacity = rows.length / WIDTH;
    long[] source = rows;
    int sourceBehind = (first + count) * WIDTH;
    if (head + needed > capacity || needed < capacity / 2) {
      rows = new long[Math.multiplyExact(withSpare(needed), WIDTH)];
      System.arraycopy(source, head * WIDTH, rows, 0, index * WIDTH);
      blockMaxTimestamps = new long[blocks()];
      head = 0;
      end = index;
      noteTimestampsFrom(0);
    }
    int row = head + index;
    System.arraycopy(source, sourceBehind, rows, (row + others) * WIDTH, behind * WIDTH);
    end = head + needed;
    return row;
  }

  /// Forgets the first spans.
  void removeFirst(int count) {
    Invariant.check(count >= 0 && count <= count(), "cannot remove %d spans", count);
    if (count == 0) {
      return;
    }
    leave(0, count);
    firstOffset = last(head + count - 1) + 1;
    head += count;
    if (head > end / 2) {
      resize(count());
    }
  }

  private void makeRoom() {
    resize(withSpare(count()));
  }

  private static int withSpare(int count) {
    return Math.addExact(count, Math.max(2, count / 5));
  }

  private int blocks() {
    return (rows.length / WIDTH + BLOCK - 1) / BLOCK;
  }

  /// Moves the spans to the front of arrays for so many of them (one more at least).
  private void resize(int capacity) {
    int count = count();
    int longs = Math.multiplyExact(Math.max(capacity, count + 1), WIDTH);
    long[] source = rows;
    rows = new long[longs];
    System.arraycopy(source, head * WIDTH, rows, 0, count * WIDTH);
    head = 0;
    end = count;
    blockMaxTimestamps = new long[blocks()];
    noteTimestampsFrom(0);
  }

  /// Finds the largest timestamps anew, from the block of this row on.
  private void noteTimestampsFrom(int first) {
    int block = first / BLOCK;
    Arrays.fill(blockMaxTimestamps, block, blockMaxTimestamps.length, Long.MIN_VALUE);
    for (int row = Math.max(head, block * BLOCK); row < end; row++) {
      noteTimestamp(row, timestamp(row));
    }
  }

  private void noteTimestamp(int row, long timestampMs) {
    int block = row / BLOCK;
    blockMaxTimestamps[block] = Math.max(blockMaxTimestamps[block], timestampMs);
  }

  private long last(int row) {
    return PackedSpan.lastOffset(rows, row * WIDTH);
  }

  private long timestamp(int row) {
    return PackedSpan.maxTimestamp(rows, row * WIDTH);
  }

  private boolean isMarker(int row) {
    return PackedSpan.isMarker(rows, row * WIDTH);
  }

  private int length(int row) {
    return PackedSpan.length(rows, row * WIDTH);
  }
}
