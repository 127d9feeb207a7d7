package io.weft.controlplane.state.partition;

import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.model.Extent;
import io.weft.model.Invariant;
import io.weft.model.Marker;
import io.weft.model.Span;
import java.util.Arrays;

/// A partition's extents and markers in offset order, five longs each. Owned by one thread.
///
/// ```
/// extent = lastOffset, fileId,      position and length,  maxTimestampMs, logAppendTimeMs
/// marker = offset,     ~producerId, epoch and committed,  timeMs,         firstOffset
/// ```
///
/// A file id is never negative, so the second long tells them apart. A span begins where the one
/// before it ends, so its first offset is not kept. The array grows by a fifth: 48 bytes per span
/// at most once there are some. Removed ones leave from the front.
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

  private static final int SPAN_BYTES_MIN = 6;

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

  int count() {
    return end - head;
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
    rows[at + LAST_OFFSET] = extent.lastOffset();
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
        rows[at + LAST_OFFSET],
        rows[at + MAX_TIMESTAMP],
        rows[at + APPEND_TIME]);
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

  /// ```
  /// spans  = count firstOffset span*
  /// span   = offsets fileId-delta position length maxTimestamp-delta logAppendTimeMs
  ///        | 0 producerId epoch committed:byte (offset - firstOffset) time-delta
  /// ```
  ///
  /// `offsets` is how many an extent has, 0 says that a marker comes. A delta is to the span before
  /// that has such a thing; numbers are of variable length.
  void write(WireWriter out) {
    out.writeVarInt(count());
    out.writeVarLong(firstOffset);
    long fileId = 0;
    long timestamp = 0;
    for (int i = 0; i < count(); i++) {
      switch (get(i)) {
        case Extent extent -> {
          out.writeVarLong(extent.lastOffset() - extent.baseOffset() + 1);
          out.writeVarLong(extent.fileId() - fileId);
          out.writeVarLong(extent.position());
          out.writeVarInt(extent.length());
          out.writeVarLong(extent.maxTimestampMs() - timestamp);
          out.writeVarLong(extent.logAppendTimeMs());
          fileId = extent.fileId();
          timestamp = extent.maxTimestampMs();
        }
        case Marker marker -> {
          out.writeVarLong(0);
          out.writeVarLong(marker.producerId());
          out.writeVarInt(marker.producerEpoch());
          out.writeBoolean(marker.committed());
          out.writeVarLong(marker.offset() - marker.firstOffset());
          out.writeVarLong(marker.timeMs() - timestamp);
          timestamp = marker.timeMs();
        }
      }
    }
  }

  static PackedExtents read(WireReader in) {
    PackedExtents spans = new PackedExtents();
    int count = in.readCount(SPAN_BYTES_MIN);
    spans.firstOffset = in.readVarLong();
    if (count > 0) {
      spans.resize(count);
    }
    long offset = spans.firstOffset;
    long fileId = 0;
    long timestamp = 0;
    for (int i = 0; i < count; i++) {
      long offsets = in.readVarLong();
      if (offsets == 0) {
        long producerId = in.readVarLong();
        int epoch = in.readVarInt();
        boolean committed = in.readBoolean();
        long first = offset - in.readVarLong();
        timestamp += in.readVarLong();
        spans.append(
            new Marker(offset, producerId, checkedEpoch(epoch), committed, first, timestamp));
        offset++;
      } else {
        fileId += in.readVarLong();
        long position = in.readVarLong();
        int length = in.readVarInt();
        timestamp += in.readVarLong();
        spans.append(
            new Extent(
                fileId,
                position,
                length,
                offset,
                offset + offsets - 1,
                timestamp,
                in.readVarLong()));
        offset += offsets;
      }
    }
    return spans;
  }

  private static short checkedEpoch(int epoch) {
    if (epoch != (short) epoch) {
      throw new MalformedBytesException("a marker of epoch " + epoch);
    }
    return (short) epoch;
  }

  private void makeRoom() {
    resize(Math.addExact(count(), Math.max(2, count() / 5)));
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
    blockMaxTimestamps = new long[(longs / WIDTH + BLOCK - 1) / BLOCK];
    Arrays.fill(blockMaxTimestamps, Long.MIN_VALUE);
    for (int row = 0; row < end; row++) {
      noteTimestamp(row, timestamp(row));
    }
  }

  private void noteTimestamp(int row, long timestampMs) {
    int block = row / BLOCK;
    blockMaxTimestamps[block] = Math.max(blockMaxTimestamps[block], timestampMs);
  }

  private long last(int row) {
    return rows[row * WIDTH + LAST_OFFSET];
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
