package io.weft.controlplane.state.partition;

import java.util.Arrays;
import java.util.function.IntPredicate;

/// A hash table from a long to a row of longs, without an object per entry. Owned by one thread.
///
/// Rows are dense and addressed by number; a number is good until the next `add` or `remove`. The
/// key is column 0. Only sorted keys leave the table: nothing may depend on the order of rows.
public final class LongTable {
  private static final long[] NO_ROWS = {};
  private static final int[] NO_INDEX = {};
  private static final int INDEX_LENGTH_MIN = 4;

  final int width;

  /// Row `i` begins at `i * width`.
  long[] rows = NO_ROWS;

  /// Open addressing, at most half full: a row's number plus one, or 0.
  private int[] index = NO_INDEX;

  private int size;

  /// @param width longs in a row, the key among them
  public LongTable(int width) {
    this.width = width;
  }

  public int size() {
    return size;
  }

  /// @return the row of the key, or -1
  public int find(long key) {
    if (size == 0) {
      return -1;
    }
    int mask = index.length - 1;
    for (int slot = slotOf(key); index[slot] != 0; slot = (slot + 1) & mask) {
      int row = index[slot] - 1;
      if (rows[row * width] == key) {
        return row;
      }
    }
    return -1;
  }

  /// Adds a row of zeros for a key that has none.
  public int add(long key) {
    int row = size++;
    if (size * width > rows.length) {
      rows = Arrays.copyOf(rows, Math.multiplyExact(width, Math.max(2, size + size / 2)));
    }
    Arrays.fill(rows, row * width, (row + 1) * width, 0);
    rows[row * width] = key;
    if (size * 2 > index.length) {
      reindex(Math.max(INDEX_LENGTH_MIN, index.length * 2));
    } else {
      place(row);
    }
    return row;
  }

  /// Removes a row; the last row takes its number.
  public void remove(int row) {
    close(holding(row));
    int last = --size;
    if (row != last) {
      index[holding(last)] = row + 1;
      System.arraycopy(rows, last * width, rows, row * width, width);
    }
  }

  public long get(int row, int column) {
    return rows[row * width + column];
  }

  public void set(int row, int column, long value) {
    rows[row * width + column] = value;
  }

  public long[] sortedKeys() {
    return sortedKeys(_ -> true);
  }

  /// The keys of some rows.
  ///
  /// @param wanted says of a row's number whether it is one of them
  public long[] sortedKeys(IntPredicate wanted) {
    long[] keys = new long[size];
    int count = 0;
    for (int row = 0; row < size; row++) {
      if (wanted.test(row)) {
        keys[count++] = rows[row * width];
      }
    }
    long[] sorted = Arrays.copyOf(keys, count);
    Arrays.sort(sorted);
    return sorted;
  }

  private void reindex(int length) {
    index = new int[length];
    for (int row = 0; row < size; row++) {
      place(row);
    }
  }

  private void place(int row) {
    int mask = index.length - 1;
    int slot = slotOf(rows[row * width]);
    while (index[slot] != 0) {
      slot = (slot + 1) & mask;
    }
    index[slot] = row + 1;
  }

  private int holding(int row) {
    int mask = index.length - 1;
    int slot = slotOf(rows[row * width]);
    while (index[slot] != row + 1) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  /// Empties a slot and moves up those behind it that were pushed away from where they belong.
  private void close(int slot) {
    int mask = index.length - 1;
    int hole = slot;
    for (int next = (hole + 1) & mask; index[next] != 0; next = (next + 1) & mask) {
      int home = slotOf(rows[(index[next] - 1) * width]);
      if (((next - home) & mask) >= ((next - hole) & mask)) {
        index[hole] = index[next];
        hole = next;
      }
    }
    index[hole] = 0;
  }

  private int slotOf(long key) {
    long mixed = key * 0x9E3779B97F4A7C15L;
    return (int) (mixed >>> 32) & (index.length - 1);
  }
}
