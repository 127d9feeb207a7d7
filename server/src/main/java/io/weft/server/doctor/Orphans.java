package io.weft.server.doctor;

import java.util.Arrays;

/// The proved orphans of one look, in the order they were found; sixteen bytes each. Owned by one
/// thread.
final class Orphans {
  /// What is found beyond so many is left for the next repair.
  static final int MAX = 1_000_000;

  private static final int FIRST = 1_024;

  private long[] ids = new long[FIRST];
  private long[] lengths = new long[FIRST];
  private int count;

  /// @return false if there are too many, and it was not taken
  boolean add(long fileId, long length) {
    if (count == MAX) {
      return false;
    }
    if (count == ids.length) {
      ids = Arrays.copyOf(ids, Math.min(MAX, count * 2));
      lengths = Arrays.copyOf(lengths, ids.length);
    }
    ids[count] = fileId;
    lengths[count++] = length;
    return true;
  }

  int count() {
    return count;
  }

  long fileId(int index) {
    return ids[index];
  }

  long length(int index) {
    return lengths[index];
  }
}
