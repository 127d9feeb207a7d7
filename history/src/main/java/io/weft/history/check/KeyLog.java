package io.weft.history.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What is known of one key: which value lies at which offset, and every value's fate. Owned by one
/// thread.
///
/// An offset's *index* counts only offsets that have a value: gaps are normal, where markers lie or
/// a compaction has been.
final class KeyLog {
  private final String key;
  private final Map<Long, Version> versions = new LinkedHashMap<>();
  private final Map<Long, Long> values = new HashMap<>();

  /// Pairs of an offset and a value that is not the one it was seen with first.
  private final List<long[]> conflicts = new ArrayList<>();

  private long[] offsets = new long[0];

  KeyLog(String key) {
    this.key = key;
  }

  String key() {
    return key;
  }

  Version version(long value) {
    return versions.computeIfAbsent(value, Version::new);
  }

  /// In the order in which they were first sent or seen.
  Collection<Version> versions() {
    return versions.values();
  }

  void place(long offset, long value) {
    Long there = values.putIfAbsent(offset, value);
    if (there == null) {
      version(value).placedAt(offset);
    } else if (there != value) {
      conflicts.add(new long[] {offset, value});
      version(value).placedAt(offset);
    }
  }

  /// To be called when all is placed, before any index is asked for.
  void seal() {
    offsets = values.keySet().stream().mapToLong(offset -> offset).sorted().toArray();
  }

  /// @param offset one that has a value
  int index(long offset) {
    boolean dense = offsets[offsets.length - 1] - offsets[0] == offsets.length - 1;
    return dense ? (int) (offset - offsets[0]) : Arrays.binarySearch(offsets, offset);
  }

  /// The offset of an index.
  long offset(int index) {
    return offsets[index];
  }

  /// How many offsets have a value.
  int size() {
    return offsets.length;
  }

  /// The value an offset was seen with first.
  long valueAt(long offset) {
    return values.get(offset);
  }

  List<long[]> conflicts() {
    return conflicts;
  }
}
