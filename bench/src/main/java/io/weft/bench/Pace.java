package io.weft.bench;

import io.weft.environment.Environment;

/// Holds a loop to a rate. Owned by one thread.
final class Pace {
  private final long perSecond;
  private final Environment environment;
  private final long beginNanos;

  /// @param perSecond 0: no limit
  Pace(long perSecond, Environment environment) {
    this.perSecond = perSecond;
    this.environment = environment;
    this.beginNanos = environment.clock().nanos();
  }

  /// Waits until it is time for the i-th step.
  void await(long i) throws InterruptedException {
    if (perSecond == 0) {
      return;
    }
    long dueNanos = beginNanos + (long) (i * 1e9 / perSecond);
    long leftMs = (dueNanos - environment.clock().nanos()) / 1_000_000;
    if (leftMs > 0) {
      environment.tasks().sleepMs(leftMs);
    }
  }
}
