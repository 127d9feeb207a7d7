package io.weft.controlplane.state.partition;

import io.weft.model.Extent;
import io.weft.model.Extent.Offsets;
import io.weft.model.Invariant;
import io.weft.model.Marker;
import io.weft.model.Span;
import java.util.Arrays;
import java.util.List;

/// A partition's extents and markers in offset order, five longs each. Owned by one thread.
///
/// ```
/// extent = lastOffset, fileId,      position and length,  maxTimestampMs, logAppendTimeMs
/// marker = offset,     ~producerId, epoch and committed,  timeMs,         firstOffset
/// ```
///
/// A file id is never negative, so the second long tells them apart; nor is an offset, so the first
/// long is negative (its sign bit set) where an extent has offsets of its own. A span begins where
/// the one before it ends, so its first offset is not kept. The array grows by a fifth: 48 bytes
/// per span at most once there are some. Removed ones leave from the front.
final class PackedExtents {
  /// The largest position in a file that an extent can have.
  static final long POSITION_MAX = (1L << 33) - 1;

  private static final int WIDTH = 5;
  private static final int LAST_OFFSET = 0;
  private static final int FILE_ID = 1;
  private static final int PLACE = 2;
  private static final int MAX_TIMESTAMP = 3;
  private static final int APPEND_TIME = 4;

  private static final int PRODUCER = FILE_ID;
  private static final int EPOCH_AND_COMMITTED = PLACE;
  private static final int TRANSACTION_FIRST_OFFSET = APPEND_TIME;

  /// Set in the last offset of an extent with offsets of its own.
  private static final long OWN_OFFSETS_BIT = Long.MIN_VALUE;

  /// Lengths are 31 bits, positions 33.
  private static final int LENGTH_BITS = 31;

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

  /// Longs the arrays take, used or not.
  int longsHeld() {
    return rows.length + blockMaxTimestamps.length;
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
    switch (span) {
      case Extent extent -> pack(extent, end * WIDTH);
      case Marker marker -> pack(marker, end * WIDTH);
    }
    noteTimestamp(end, span.maxTimestampMs());
    end++;
  }

  private void pack(Extent extent, int at) {
    Invariant.check(extent.position() <= POSITION_MAX, "position %d", extent.position());
    rows[at + LAST_OFFSET] =
        extent.hasOwnOffsets() ? extent.lastOffset() | OWN_OFFSETS_BIT : extent.lastOffset();
    rows[at + FILE_ID] = extent.fileId();
    rows[at + PLACE] = (extent.position() << LENGTH_BITS) | extent.length();
    rows[at + MAX_TIMESTAMP] = extent.maxTimestampMs();
    rows[at + APPEND_TIME] = extent.logAppendTimeMs();
    bytes += extent.length();
  }

  private void pack(Marker marker, int at) {
    rows[at + LAST_OFFSET] = marker.offset();
    rows[at + PRODUCER] = ~marker.producerId();
    rows[at + EPOCH_AND_COMMITTED] =
        (long) marker.producerEpoch() << 1 | (marker.committed() ? 1 : 0);
    rows[at + MAX_TIMESTAMP] = marker.timeMs();
    rows[at + TRANSACTION_FIRST_OFFSET] = marker.firstOffset();
  }

  /// @param index 0 is the first span there is
  Span get(int index) {
    int row = head + index;
    int at = row * WIDTH;
    if (isMarker(row)) {
      return new Marker(
          rows[at + LAST_OFFSET],
          ~rows[at + PRODUCER],
          (short) (rows[at + EPOCH_AND_COMMITTED] >> 1),
          (rows[at + EPOCH_AND_COMMITTED] & 1) == 1,
          rows[at + TRANSACTION_FIRST_OFFSET],
          rows[at + MAX_TIMESTAMP]);
    }
    return new Extent(
        rows[at + FILE_ID],
        rows[at + PLACE] >>> LENGTH_BITS,
        length(row),
        index == 0 ? firstOffset : last(row - 1) + 1,
        last(row),
        rows[at + MAX_TIMESTAMP],
        rows[at + APPEND_TIME],
        rows[at + LAST_OFFSET] < 0 ? Offsets.OWN : Offsets.DENSE);
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
  void replace(int index, int count, List<Extent> extents) {
    Invariant.check(
        index >= 0 && count > 0 && index + count <= count() && !extents.isEmpty(),
        "cannot replace %d spans",
        count);
    long base = index == 0 ? firstOffset : last(head + index - 1) + 1;
    long upTo = last(head + index + count - 1) + 1;
    for (int row = head + index; row < head + index + count; row++) {
      bytes -= length(row);
    }
    int row = open(index, count, extents.size());
    for (Extent extent : extents) {
      Invariant.check(extent.baseOffset() == base, "a gap before offset %d", base);
      pack(extent, row++ * WIDTH);
      base = extent.lastOffset() + 1;
    }
    Invariant.check(base == upTo, "other offsets, up to %d", base);
    noteTimestampsFrom(row - extents.size());
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
    for (int row = head; row < head + count; row++) {
      bytes -= length(row);
    }
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
    return rows[row * WIDTH + LAST_OFFSET] & ~OWN_OFFSETS_BIT;
  }

  private long timestamp(int row) {
    return rows[row * WIDTH + MAX_TIMESTAMP];
  }

  private boolean isMarker(int row) {
    return rows[row * WIDTH + FILE_ID] < 0;
  }

  /// Bytes in a file.
  private int length(int row) {
    return isMarker(row) ? 0 : (int) (rows[row * WIDTH + PLACE] & Integer.MAX_VALUE);
  }
}
