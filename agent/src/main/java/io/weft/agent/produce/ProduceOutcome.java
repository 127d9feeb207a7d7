package io.weft.agent.produce;

import io.weft.controlplane.api.BatchOutcomes;

/// What became of one batch.
public sealed interface ProduceOutcome {
  /// Its file is durable and committed, and the control plane has judged the batch.
  ///
  /// @param baseOffset of its first record (placed, duplicate), else -1
  /// @param logAppendTimeMs the time it was given (LogAppendTime topics), else -1
  /// @param logStartOffset of its partition, or -1 where it is unknown
  record Judged(
      BatchOutcomes.Verdict verdict, long baseOffset, long logAppendTimeMs, long logStartOffset)
      implements ProduceOutcome {}

  /// It is not in the log and never will be: safe to send again.
  record NotAppended(Cause cause) implements ProduceOutcome {}

  /// It may or may not be in the log.
  record Unknown() implements ProduceOutcome {}

  enum Cause {
    /// This agent takes nothing more.
    LEAVING,
    /// Its file could not be made durable.
    UPLOAD_FAILED,
    /// The control plane did not take the commit at all.
    COMMIT_REJECTED
  }
}
