package io.weft.agent.api.share;

import java.util.LinkedHashMap;
import java.util.concurrent.locks.ReentrantLock;

/// How long the groups' members may keep records, as the control plane said last. Thread-safe.
final class LockTimes {
  private static final int STANDARD_MS = 30_000;
  private static final int GROUPS_MAX = 10_000;

  private final ReentrantLock lock = new ReentrantLock();
  private final LinkedHashMap<String, Integer> byGroup = new LinkedHashMap<>();

  void put(String group, int lockMs) {
    lock.lock();
    try {
      byGroup.putLast(group, lockMs);
      if (byGroup.size() > GROUPS_MAX) {
        byGroup.pollFirstEntry();
      }
    } finally {
      lock.unlock();
    }
  }

  int of(String group) {
    lock.lock();
    try {
      return byGroup.getOrDefault(group, STANDARD_MS);
    } finally {
      lock.unlock();
    }
  }
}
