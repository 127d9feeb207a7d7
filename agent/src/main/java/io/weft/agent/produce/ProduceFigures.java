package io.weft.agent.produce;

import java.util.concurrent.atomic.LongAdder;

/// What the produce path has done since its start. Thread-safe; every figure only rises.
public final class ProduceFigures {
  final LongAdder filesUploaded = new LongAdder();
  final LongAdder uploadsFailed = new LongAdder();
  final LongAdder uploadMs = new LongAdder();
  final LongAdder filesCommitted = new LongAdder();
  final LongAdder filesExpired = new LongAdder();
  final LongAdder commitCalls = new LongAdder();
  final LongAdder commitRetries = new LongAdder();
  final LongAdder commitMs = new LongAdder();
  final LongAdder batches = new LongAdder();
  final LongAdder records = new LongAdder();
  final LongAdder bytes = new LongAdder();
  final LongAdder batchesRefused = new LongAdder();
  final LongAdder settleMs = new LongAdder();

  ProduceFigures() {}

  /// The figures now; not all from one instant.
  ///
  /// @param uploadMs sum over uploads, failed ones too
  /// @param commitMs sum over commits, from the first call to the answer
  /// @param batches placed or found to be placed before
  /// @param bytes of those batches
  /// @param batchesRefused by the control plane
  /// @param settleMs sum over committed files, from the first append to the answer
  public record Reading(
      long filesUploaded,
      long uploadsFailed,
      long uploadMs,
      long filesCommitted,
      long filesExpired,
      long commitCalls,
      long commitRetries,
      long commitMs,
      long batches,
      long records,
      long bytes,
      long batchesRefused,
      long settleMs) {}

  public Reading read() {
    return new Reading(
        filesUploaded.sum(),
        uploadsFailed.sum(),
        uploadMs.sum(),
        filesCommitted.sum(),
        filesExpired.sum(),
        commitCalls.sum(),
        commitRetries.sum(),
        commitMs.sum(),
        batches.sum(),
        records.sum(),
        bytes.sum(),
        batchesRefused.sum(),
        settleMs.sum());
  }
}
