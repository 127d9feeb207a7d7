package io.weft.agent.cache;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;

/// Ranges of numbers, joined where they meet. Thread-safe.
final class CheckedRanges {
  private final ReentrantLock lock = new ReentrantLock();

  /// Begin → end (exclusive); none touches another.
  private final TreeMap<Long, Long> ranges = new TreeMap<>();

  void add(long from, long to) {
    lock.lock();
    try {
      long begin = from;
      long end = to;
      Map.Entry<Long, Long> near = ranges.floorEntry(end);
      while (near != null && near.getValue() >= begin) {
        begin = Math.min(begin, near.getKey());
        end = Math.max(end, near.getValue());
        ranges.remove(near.getKey());
        near = ranges.floorEntry(end);
      }
      ranges.put(begin, end);
    } finally {
      lock.unlock();
    }
  }

  boolean covers(long from, long to) {
    lock.lock();
    try {
      Map.Entry<Long, Long> near = ranges.floorEntry(from);
      return near != null && near.getValue() >= to;
    } finally {
      lock.unlock();
    }
  }
}
