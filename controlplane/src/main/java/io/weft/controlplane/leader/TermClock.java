package io.weft.controlplane.leader;

import io.weft.environment.Clock;

/// The leader's time. Owned by the leader thread.
///
/// Never less than any time the journal has seen. Where that is ahead of this clock, since a leader
/// before was, or this clock itself until it was set back, it goes on at half the pace until the
/// clock has caught up: what waits for a time must not wait for ever.
final class TermClock {
  private final Clock clock;

  /// The latest time that the wall clock or the journal gave, and when it did.
  private long aheadMs;

  private long aheadMonotonicMs;

  /// @param seenMs the latest time that the journal has seen
  TermClock(Clock clock, long seenMs) {
    this.clock = clock;
    this.aheadMs = seenMs;
    this.aheadMonotonicMs = clock.monotonicMs();
  }

  /// @param seenMs the latest time that the journal has seen
  long nowMs(long seenMs) {
    long monotonicMs = clock.monotonicMs();
    long pacedMs = aheadMs + (monotonicMs - aheadMonotonicMs) / 2;
    long nowMs = Math.max(clock.wallMs(), Math.max(pacedMs, seenMs));
    if (nowMs > pacedMs) {
      aheadMs = nowMs;
      aheadMonotonicMs = monotonicMs;
    }
    return nowMs;
  }
}
