package io.weft.history.check;

import io.weft.history.History;

/// Judges a history: could a correct log have shown it?
///
/// `History → VersionOrder → (LogCheck, AtomicityCheck, PollCheck, SendCheck, OffsetCheck,
/// PipelineCheck, LagCheck, CycleCheck) → Findings → Verdict`
///
/// Not looked for, since a log without isolation of writes allows it: other records between those
/// of one transaction, and circles that need the order of writes.
public final class Checker {
  private Checker() {}

  /// Takes memory for every value sent or read, and time in proportion to the reads.
  ///
  /// @throws IllegalArgumentException if the harness was wrong: a value was sent to a key twice
  public static Verdict check(History history, Expectations expectations) {
    Findings findings = new Findings(expectations);
    VersionOrder order = VersionOrder.of(history);
    LogCheck.check(history, order, findings);
    AtomicityCheck.check(history, order, findings);
    PollCheck.check(history, order, findings);
    SendCheck.check(history, order, findings);
    OffsetCheck.check(history, order, findings);
    PipelineCheck.check(history, order, findings);
    LagCheck lag = LagCheck.check(history, order, findings);
    CycleCheck.check(history, order, findings);
    return findings.verdict(Tally.of(history).summary(order, lag.nanosMax(), lag.quietNanosMax()));
  }
}
