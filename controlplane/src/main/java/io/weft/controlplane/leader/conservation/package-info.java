/// Whether the logs of a leader and of those that follow it hold the same.
///
/// `SumStatements → PartitionLogs.stateSums → (the journal) → Conservation → SumComparisons`
///
/// Invariants: a statement rides in an entry that is written anyway; a process whose sums differ
/// stops, and does not lead. Must not know: what a sum is made of.
package io.weft.controlplane.leader.conservation;
