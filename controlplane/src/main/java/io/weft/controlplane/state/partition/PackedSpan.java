package io.weft.controlplane.state.partition;

import io.weft.model.Extent;
import io.weft.model.Extent.Offsets;
import io.weft.model.Invariant;
import io.weft.model.Marker;
import io.weft.model.Span;

/// One extent or marker as five longs of an array. Stateless.
///
/// ```
/// extent = lastOffset, fileId,      position and length,  maxTimestampMs, sum or logAppendTimeMs
/// marker = offset,     ~producerId, epoch and committed,  timeMs,         firstOffset
/// ```
///
/// A file id is never negative, so the second long tells them apart; nor is an offset, so the first
/// long is negative (its sign bit set) where an extent has offsets of its own. An extent with a sum
/// (a bit of its file id says so) has no append time, or one that is its largest timestamp too
/// (another bit): so the sum costs nothing. The first offset is not kept.
final class PackedSpan {
  static final int WIDTH = 5;

  /// The largest position in a file that an extent can have.
  static final long POSITION_MAX = (1L << 33) - 1;

  private static final int LAST_OFFSET = 0;
  private static final int FILE_ID = 1;
  private static final int PLACE = 2;
  private static final int MAX_TIMESTAMP = 3;
  private static final int APPEND_TIME = 4;
  private static final int SUM = APPEND_TIME;

  private static final int PRODUCER = FILE_ID;
  private static final int EPOCH_AND_COMMITTED = PLACE;
  private static final int TRANSACTION_FIRST_OFFSET = APPEND_TIME;

  /// Set in the last offset of an extent with offsets of its own.
  private static final long OWN_OFFSETS_BIT = Long.MIN_VALUE;

  /// Set in the file id of an extent with a sum.
  private static final long SUMMED_BIT = 1L << 62;

  /// Set in the file id of an extent with a sum whose append time is its largest timestamp.
  private static final long TIMED_BIT = 1L << 61;

  /// The largest id of a file that an extent can lie in.
  static final long FILE_ID_MAX = TIMED_BIT - 1;

  /// Lengths are 31 bits, positions 33.
  private static final int LENGTH_BITS = 31;

  private PackedSpan() {}

  static void pack(Span span, long[] rows, int at) {
    switch (span) {
      case Extent extent -> pack(extent, rows, at);
      case Marker marker -> pack(marker, rows, at);
    }
  }

  private static void pack(Extent extent, long[] rows, int at) {
    Invariant.check(extent.position() <= POSITION_MAX, "position %d", extent.position());
    Invariant.check(extent.fileId() <= FILE_ID_MAX, "file id %d", extent.fileId());
    rows[at + LAST_OFFSET] =
        extent.hasOwnOffsets() ? extent.lastOffset() | OWN_OFFSETS_BIT : extent.lastOffset();
    rows[at + FILE_ID] = extent.fileId();
    rows[at + PLACE] = (extent.position() << LENGTH_BITS) | extent.length();
    rows[at + MAX_TIMESTAMP] = extent.maxTimestampMs();
    rows[at + APPEND_TIME] = extent.logAppendTimeMs();
  }

  private static void pack(Marker marker, long[] rows, int at) {
    rows[at + LAST_OFFSET] = marker.offset();
    rows[at + PRODUCER] = ~marker.producerId();
    rows[at + EPOCH_AND_COMMITTED] =
        (long) marker.producerEpoch() << 1 | (marker.committed() ? 1 : 0);
    rows[at + MAX_TIMESTAMP] = marker.timeMs();
    rows[at + TRANSACTION_FIRST_OFFSET] = marker.firstOffset();
  }

  /// Whether there is room for a sum of the extent.
  static boolean hasRoomForSum(Extent extent) {
    return hasRoomForSum(extent.logAppendTimeMs(), extent.maxTimestampMs());
  }

  private static boolean hasRoomForSum(long logAppendTimeMs, long maxTimestampMs) {
    return logAppendTimeMs == -1 || logAppendTimeMs == maxTimestampMs;
  }

  /// Gives a sum to an extent that has none.
  static void giveSum(long sum, long[] rows, int at) {
    long timeMs = rows[at + APPEND_TIME];
    Invariant.check(
        !isMarker(rows, at) && !hasSum(rows, at) && hasRoomForSum(timeMs, maxTimestamp(rows, at)),
        "no room for a sum");
    rows[at + FILE_ID] |= timeMs == -1 ? SUMMED_BIT : SUMMED_BIT | TIMED_BIT;
    rows[at + SUM] = sum;
  }

  static Span unpack(long baseOffset, long[] rows, int at) {
    if (isMarker(rows, at)) {
      return new Marker(
          rows[at + LAST_OFFSET],
          ~rows[at + PRODUCER],
          (short) (rows[at + EPOCH_AND_COMMITTED] >> 1),
          (rows[at + EPOCH_AND_COMMITTED] & 1) == 1,
          rows[at + TRANSACTION_FIRST_OFFSET],
          rows[at + MAX_TIMESTAMP]);
    }
    return new Extent(
        rows[at + FILE_ID] & FILE_ID_MAX,
        rows[at + PLACE] >>> LENGTH_BITS,
        length(rows, at),
        baseOffset,
        lastOffset(rows, at),
        rows[at + MAX_TIMESTAMP],
        logAppendTime(rows, at),
        rows[at + LAST_OFFSET] < 0 ? Offsets.OWN : Offsets.DENSE);
  }

  static long lastOffset(long[] rows, int at) {
    return rows[at + LAST_OFFSET] & ~OWN_OFFSETS_BIT;
  }

  static long maxTimestamp(long[] rows, int at) {
    return rows[at + MAX_TIMESTAMP];
  }

  static boolean isMarker(long[] rows, int at) {
    return rows[at + FILE_ID] < 0;
  }

  /// Whether it is an extent with a sum.
  static boolean hasSum(long[] rows, int at) {
    return !isMarker(rows, at) && (rows[at + FILE_ID] & SUMMED_BIT) != 0;
  }

  /// 0 of what has none.
  static long sum(long[] rows, int at) {
    return hasSum(rows, at) ? rows[at + SUM] : 0;
  }

  /// Bytes in a file.
  static int length(long[] rows, int at) {
    return isMarker(rows, at) ? 0 : (int) (rows[at + PLACE] & Integer.MAX_VALUE);
  }

  private static long logAppendTime(long[] rows, int at) {
    if (!hasSum(rows, at)) {
      return rows[at + APPEND_TIME];
    }
    return (rows[at + FILE_ID] & TIMED_BIT) == 0 ? -1 : maxTimestamp(rows, at);
  }
}
