package io.weft.simulation.day;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Which files there are in a bucket, and since when those that were never committed. Used by the
/// threads of one world.
final class DayBucket {
  private final Set<Long> files = new TreeSet<>();
  private final Map<Long, Long> uncommittedSinceMs = new TreeMap<>();

  void put(long fileId, long nowMs) {
    files.add(fileId);
    uncommittedSinceMs.put(fileId, nowMs);
  }

  void committed(long fileId) {
    uncommittedSinceMs.remove(fileId);
  }

  void delete(long fileId) {
    files.remove(fileId);
    uncommittedSinceMs.remove(fileId);
  }

  int count() {
    return files.size();
  }

  boolean holds(long fileId) {
    return files.contains(fileId);
  }

  Set<Long> files() {
    return files;
  }

  /// How long the oldest file has been there that was never committed.
  long orphanMs(long nowMs) {
    return uncommittedSinceMs.values().stream().mapToLong(since -> nowMs - since).max().orElse(0);
  }
}
