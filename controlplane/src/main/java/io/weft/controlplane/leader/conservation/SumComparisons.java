package io.weft.controlplane.leader.conservation;

/// How often this process has compared its sums with those that a leader put into the journal, and
/// what came of it. Written by the seat's thread, read by any.
public final class SumComparisons {
  private volatile Reading reading = new Reading(0, false);

  public SumComparisons() {}

  /// @param compared since the process began
  /// @param differ whether they did the last time
  public record Reading(long compared, boolean differ) {}

  public Reading read() {
    return reading;
  }

  public void compared(boolean differ) {
    reading = new Reading(reading.compared() + 1, differ);
  }
}
