/// Whether a correct log could have shown a history to its clients.
///
/// `History → VersionOrder → (LogCheck, AtomicityCheck, PollCheck, SendCheck, OffsetCheck,
/// PipelineCheck, LagCheck, CycleCheck) → Findings → Verdict`
///
/// Invariants: a verdict depends on the history and the [Expectations] only; the effect of an
/// operation without a known outcome is never assumed: it counts only where it was seen; everything
/// found is counted, and the first of each kind are described.
///
/// Must not know: how a history came about.
package io.weft.history.check;
