package io.weft.controlplane.state.partition;

import io.weft.model.AbortedRange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The aborted transactions of a partition, by where they ended, four longs each and spare room for
/// as many again. Owned by one thread.
///
/// Which of them concern a stretch of offsets is asked at every read of old records. Those that
/// ended at its beginning or later are found by a binary search, but few of them may have begun
/// before its end, and a long one may stand behind any number of short ones. So there is a tree of
/// minima over the rows: a search goes down only where something is to be found, and costs a way
/// down the tree for each that it finds.
final class AbortedTransactions {
  private static final int WIDTH = 3;
  private static final int MARKER_OFFSET = 0;
  private static final int PRODUCER_ID = 1;
  private static final int FIRST_OFFSET = 2;

  private static final int CAPACITY_MIN = 4;

  private static final long[] NONE = {};

  private long[] rows = NONE;

  /// The smallest first offset below each inner node of a full binary tree whose leaves are the
  /// rows: the root is 1, the children of `i` are `2 i` and `2 i + 1`. As long as there is room for
  /// rows, a power of two. Rows that were removed count until the others move.
  private long[] earliest = NONE;

  private int head;
  private int end;

  int count() {
    return end - head;
  }

  /// Adds one that ended after all others.
  void add(AbortedRange range) {
    if (end == earliest.length) {
      moveInto(capacityFor(count() + count() / 2 + 1));
    }
    set(end, MARKER_OFFSET, range.markerOffset());
    set(end, PRODUCER_ID, range.producerId());
    set(end, FIRST_OFFSET, range.firstOffset());
    noteEarliest(end);
    end++;
  }

  /// Those that concern the offsets from `from` up to, not including, `upTo`, by where they ended.
  List<AbortedRange> concerning(long from, long upTo) {
    return new Search(from, upTo).found;
  }

  /// Forgets those that ended before an offset.
  void removeBelow(long offset) {
    head = ceiling(offset);
    if (head > end / 2) {
      moveInto(capacityFor(count()));
    }
  }

  /// One search, over as soon as it is made.
  final class Search {
    private final int first;
    private final long upTo;
    private final List<AbortedRange> found = new ArrayList<>();
    private int steps;

    Search(long from, long upTo) {
      this.first = ceiling(from);
      this.upTo = upTo;
      if (first < end) {
        look(1, 0, earliest.length);
      }
    }

    /// Nodes and rows that were looked at.
    int steps() {
      return steps;
    }

    /// Looks below a node.
    ///
    /// @param low the first row below it
    /// @param size rows there is room for below it
    private void look(int node, int low, int size) {
      steps++;
      if (low + size <= first || low >= end) {
        return;
      }
      if (size == 1) {
        if (get(low, FIRST_OFFSET) < upTo) {
          found.add(range(low));
        }
      } else if (earliest[node] < upTo) {
        int half = size / 2;
        look(2 * node, low, half);
        look(2 * node + 1, low + half, half);
      }
    }
  }

  private AbortedRange range(int row) {
    return new AbortedRange(get(row, PRODUCER_ID), get(row, FIRST_OFFSET), get(row, MARKER_OFFSET));
  }

  private void noteEarliest(int row) {
    long first = get(row, FIRST_OFFSET);
    for (int node = (earliest.length + row) / 2; node >= 1; node /= 2) {
      if (earliest[node] <= first) {
        return;
      }
      earliest[node] = first;
    }
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

  private static int capacityFor(int rows) {
    if (rows == 0) {
      return 0;
    }
    int below = Integer.highestOneBit(rows);
    return Math.max(CAPACITY_MIN, below == rows ? rows : below * 2);
  }

  /// Moves the rows to the beginning of arrays with room for so many.
  private void moveInto(int capacity) {
    int count = count();
    long[] target = new long[Math.multiplyExact(WIDTH, capacity)];
    System.arraycopy(rows, head * WIDTH, target, 0, count * WIDTH);
    rows = target;
    earliest = new long[capacity];
    Arrays.fill(earliest, Long.MAX_VALUE);
    head = 0;
    end = count;
    for (int row = 0; row < end; row++) {
      noteEarliest(row);
    }
  }

  private long get(int row, int column) {
    return rows[row * WIDTH + column];
  }

  private void set(int row, int column, long value) {
    rows[row * WIDTH + column] = value;
  }
}
