package io.weft.environment;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/// What is to be said of something that may be out of reach for hours and is asked every second:
/// one line when it goes, one when it fails in another way, one when it is back. Thread-safe.
public final class Outage {
  /// Ways of failing told apart in one outage; beyond them there is nothing new to say.
  private static final int WAYS_MAX = 8;

  private final ReentrantLock lock = new ReentrantLock();
  private final Set<String> ways = new HashSet<>();

  /// It failed. Two reasons that differ in numbers only (times, attempts, ports) are one.
  ///
  /// @return whether to say so
  public boolean isNews(String reason) {
    lock.lock();
    try {
      return ways.size() < WAYS_MAX && ways.add(reason.replaceAll("[0-9]+", "0"));
    } finally {
      lock.unlock();
    }
  }

  /// It answered.
  ///
  /// @return whether to say so, since it was out before
  public boolean ends() {
    lock.lock();
    try {
      boolean was = !ways.isEmpty();
      ways.clear();
      return was;
    } finally {
      lock.unlock();
    }
  }
}
