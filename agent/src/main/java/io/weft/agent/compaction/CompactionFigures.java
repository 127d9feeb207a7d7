package io.weft.agent.compaction;

import java.util.concurrent.atomic.LongAdder;

/// What this agent has merged since its start. Thread-safe; every figure only rises.
public final class CompactionFigures {
  final LongAdder jobs = new LongAdder();
  final LongAdder refused = new LongAdder();
  final LongAdder failed = new LongAdder();
  final LongAdder unreadable = new LongAdder();
  final LongAdder inputs = new LongAdder();
  final LongAdder bytesRead = new LongAdder();
  final LongAdder bytesWritten = new LongAdder();

  CompactionFigures() {}

  /// The figures now; not all from one instant.
  ///
  /// @param jobs that were done: their files are part of the logs
  /// @param refused since others had changed what they merged
  /// @param failed for any other reason
  /// @param unreadable files that were damaged or missing
  /// @param inputs files that were read
  /// @param bytesRead of batches
  /// @param bytesWritten of whole files, whatever became of them
  public record Reading(
      long jobs,
      long refused,
      long failed,
      long unreadable,
      long inputs,
      long bytesRead,
      long bytesWritten) {
    public static final Reading NONE = new Reading(0, 0, 0, 0, 0, 0, 0);
  }

  public Reading read() {
    return new Reading(
        jobs.sum(),
        refused.sum(),
        failed.sum(),
        unreadable.sum(),
        inputs.sum(),
        bytesRead.sum(),
        bytesWritten.sum());
  }
}
