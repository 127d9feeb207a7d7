package io.weft.controlplane.state.partition;

import io.weft.model.AbortedRange;
import java.util.ArrayList;
import java.util.List;

/// The aborted transactions of a partition, by where they ended, four longs each. Owned by one
/// thread.
///
/// Which of them concern a stretch of offsets is asked at every read of old records, so that it
/// must not cost a walk over all that ended later: each row knows the earliest first offset among
/// itself and all rows behind it, and a search ends where that lies behind the stretch.
final class AbortedTransactions {
  private static final int WIDTH = 4;
  private static final int MARKER_OFFSET = 0;
  private static final int PRODUCER_ID = 1;
  private static final int FIRST_OFFSET = 2;
  private static final int EARLIEST_FROM_HERE = 3;

  private static final long[] NONE = {};

  private long[] rows = NONE;
  private int head;
  private int end;

  int count() {
    return end - head;
  }

  /// Adds one that ended after all others.
  void add(AbortedRange range) {
    if ((end + 1) * WIDTH > rows.length) {
      moveTo(new long[Math.multiplyExact(WIDTH, Math.max(4, count() + count() / 2))]);
    }
    set(end, MARKER_OFFSET, range.markerOffset());
    set(end, PRODUCER_ID, range.producerId());
    set(end, FIRST_OFFSET, range.firstOffset());
    end++;
    for (int row = end - 1; row >= head && isEarlier(range, row); row--) {
      set(row, EARLIEST_FROM_HERE, range.firstOffset());
    }
  }

  /// Those that concern the offsets from `from` up to, not including, `upTo`, by where they ended.
  List<AbortedRange> concerning(long from, long upTo) {
    List<AbortedRange> found = new ArrayList<>();
    for (int row = ceiling(from); row < end && get(row, EARLIEST_FROM_HERE) < upTo; row++) {
      if (get(row, FIRST_OFFSET) < upTo) {
        found.add(
            new AbortedRange(
                get(row, PRODUCER_ID), get(row, FIRST_OFFSET), get(row, MARKER_OFFSET)));
      }
    }
    return found;
  }

  /// Forgets those that ended before an offset.
  void removeBelow(long offset) {
    head = ceiling(offset);
    if (head > end / 2) {
      moveTo(new long[count() * WIDTH]);
    }
  }

  private boolean isEarlier(AbortedRange range, int row) {
    return row == end - 1 || get(row, EARLIEST_FROM_HERE) > range.firstOffset();
  }

  /// The first row that ended at the offset or after it.
  private int ceiling(long offset) {
    int low = head;
    int high = end;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (get(middle, MARKER_OFFSET) < offset) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private void moveTo(long[] target) {
    int count = count();
    System.arraycopy(rows, head * WIDTH, target, 0, count * WIDTH);
    rows = target;
    head = 0;
    end = count;
  }

  private long get(int row, int column) {
    return rows[row * WIDTH + column];
  }

  private void set(int row, int column, long value) {
    rows[row * WIDTH + column] = value;
  }
}
