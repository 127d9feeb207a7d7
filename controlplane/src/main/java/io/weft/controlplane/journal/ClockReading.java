package io.weft.controlplane.journal;

import io.weft.environment.Clock;

/// A point in time to measure from; the result is rather too long than too short.
///
/// The monotonic clock is what counts. It may stand still while a machine is suspended, the wall
/// clock does not: whichever moved more is taken. A wall clock that jumps can only make a leader
/// more careful.
public record ClockReading(long monotonicMs, long wallMs) {
  public static ClockReading now(Clock clock) {
    return new ClockReading(clock.monotonicMs(), clock.wallMs());
  }

  /// Milliseconds since then: at least those that have passed.
  public long elapsedMs(Clock clock) {
    return Math.max(clock.monotonicMs() - monotonicMs, clock.wallMs() - wallMs);
  }
}
