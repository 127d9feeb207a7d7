package io.weft.agent.cleaning;

import java.util.concurrent.atomic.LongAdder;

/// What this agent has cleaned since its start. Thread-safe; every figure only rises.
public final class CleaningFigures {
  final LongAdder rounds = new LongAdder();
  final LongAdder files = new LongAdder();
  final LongAdder refused = new LongAdder();
  final LongAdder failed = new LongAdder();
  final LongAdder bytesWritten = new LongAdder();

  CleaningFigures() {}

  /// The figures now; not all from one instant.
  ///
  /// @param rounds of cleaning a partition that came to their end
  /// @param files that took the place of what was dirty
  /// @param refused files that took nothing's place, since others had changed what was there
  /// @param failed rounds that were given up
  /// @param bytesWritten of whole files, whatever became of them
  public record Reading(long rounds, long files, long refused, long failed, long bytesWritten) {
    public static final Reading NONE = new Reading(0, 0, 0, 0, 0);
  }

  public Reading read() {
    return new Reading(rounds.sum(), files.sum(), refused.sum(), failed.sum(), bytesWritten.sum());
  }
}
