package io.weft.agent.produce;

import io.weft.environment.Clock;
import java.util.concurrent.locks.ReentrantLock;

/// PUTs per second that may be spent on latency: what files leave of it, second puts may take.
/// Thread-safe.
final class PutBudget {
  /// How much of a second's worth can be saved up.
  private static final double SAVED_SECONDS_MAX = 0.25;

  private final Clock clock;
  private final int perSecond;
  private final ReentrantLock lock = new ReentrantLock();
  private double saved;
  private long lastMs;

  PutBudget(Clock clock, int perSecond) {
    this.clock = clock;
    this.perSecond = perSecond;
    this.lastMs = clock.monotonicMs();
  }

  /// A file is put, whatever is left.
  void spend() {
    lock.lock();
    try {
      earn();
      saved = Math.max(saved - 1, -perSecond);
    } finally {
      lock.unlock();
    }
  }

  /// Takes one put, if one is left.
  boolean take() {
    lock.lock();
    try {
      earn();
      if (saved < 1) {
        return false;
      }
      saved--;
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void earn() {
    long nowMs = clock.monotonicMs();
    double earned = (nowMs - lastMs) * (perSecond / 1_000.0);
    saved = Math.min(saved + earned, Math.max(1, perSecond * SAVED_SECONDS_MAX));
    lastMs = nowMs;
  }
}
