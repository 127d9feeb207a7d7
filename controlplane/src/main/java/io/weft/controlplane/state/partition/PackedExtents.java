package io.weft.controlplane.state.partition;

import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.model.Extent;
import io.weft.model.Invariant;
import java.util.Arrays;

/// A partition's extents in offset order, five longs each. Owned by one thread.
///
/// An extent begins where the one before it ends, so its first offset is not kept. The array grows
/// by a fifth: 48 bytes per extent at most once there are some. Removed ones leave from the front.
final class PackedExtents {
  /// The largest position in a file that an extent can have.
  static final long POSITION_MAX = (1L << 33) - 1;

  private static final int WIDTH = 5;
  private static final int LAST_OFFSET = 0;
  private static final int FILE_ID = 1;
  private static final int PLACE = 2;
  private static final int MAX_TIMESTAMP = 3;
  private static final int APPEND_TIME = 4;

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

  long bytes() {
    return bytes;
  }

  /// Longs the arrays take, used or not.
  int longsHeld() {
    return rows.length + blockMaxTimestamps.length;
  }

  /// Appends an extent; the very first says where the log begins.
  void append(Extent extent) {
    Invariant.check(extent.position() <= POSITION_MAX, "position %d", extent.position());
    if (head == end) {
      firstOffset = extent.baseOffset();
    } else {
      long expected = last(end - 1) + 1;
      Invariant.check(extent.baseOffset() == expected, "a gap before offset %d", expected);
    }
    if ((end + 1) * WIDTH > rows.length) {
      makeRoom();
    }
    int at = end * WIDTH;
    rows[at + LAST_OFFSET] = extent.lastOffset();
    rows[at + FILE_ID] = extent.fileId();
    rows[at + PLACE] = (extent.position() << LENGTH_BITS) | extent.length();
    rows[at + MAX_TIMESTAMP] = extent.maxTimestampMs();
    rows[at + APPEND_TIME] = extent.logAppendTimeMs();
    noteTimestamp(end, extent.maxTimestampMs());
    end++;
    bytes += extent.length();
  }

  /// @param index 0 is the first extent there is
  Extent get(int index) {
    int at = (head + index) * WIDTH;
    return new Extent(
        rows[at + FILE_ID],
        rows[at + PLACE] >>> LENGTH_BITS,
        length(head + index),
        index == 0 ? firstOffset : last(head + index - 1) + 1,
        rows[at + LAST_OFFSET],
        rows[at + MAX_TIMESTAMP],
        rows[at + APPEND_TIME]);
  }

  /// The first extent that ends at the offset or after it; `count()` if there is none.
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

  /// The first extent whose largest timestamp is at least this; `count()` if there is none.
  int firstReaching(long timestampMs) {
    int row = head;
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

  /// The largest timestamp of all, or `Long.MIN_VALUE` if there are no extents.
  long maxTimestamp() {
    long max = Long.MIN_VALUE;
    int row = head;
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

  /// Forgets the first extents.
  void removeFirst(int count) {
    Invariant.check(count >= 0 && count <= count(), "cannot remove %d extents", count);
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

  void write(WireWriter out) {
    out.writeVarInt(count());
    out.writeVarLong(firstOffset);
    long offset = firstOffset - 1;
    long fileId = 0;
    long timestamp = 0;
    for (int row = head; row < end; row++) {
      int at = row * WIDTH;
      out.writeVarLong(rows[at + LAST_OFFSET] - offset);
      out.writeVarLong(rows[at + FILE_ID] - fileId);
      out.writeVarLong(rows[at + PLACE] >>> LENGTH_BITS);
      out.writeVarInt(length(row));
      out.writeVarLong(rows[at + MAX_TIMESTAMP] - timestamp);
      out.writeVarLong(rows[at + APPEND_TIME]);
      offset = rows[at + LAST_OFFSET];
      fileId = rows[at + FILE_ID];
      timestamp = rows[at + MAX_TIMESTAMP];
    }
  }

  static PackedExtents read(WireReader in) {
    PackedExtents extents = new PackedExtents();
    int count = in.readCount(6);
    extents.firstOffset = in.readVarLong();
    if (count > 0) {
      extents.resize(count);
    }
    long offset = extents.firstOffset - 1;
    long fileId = 0;
    long timestamp = 0;
    for (int i = 0; i < count; i++) {
      long first = offset + 1;
      offset += in.readVarLong();
      fileId += in.readVarLong();
      long position = in.readVarLong();
      int length = in.readVarInt();
      timestamp += in.readVarLong();
      extents.append(
          new Extent(fileId, position, length, first, offset, timestamp, in.readVarLong()));
    }
    return extents;
  }

  private void makeRoom() {
    resize(Math.addExact(count(), Math.max(2, count() / 5)));
  }

  /// Moves the extents to the front of arrays for so many of them (one more at least).
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

  private int length(int row) {
    return (int) (rows[row * WIDTH + PLACE] & Integer.MAX_VALUE);
  }
}
