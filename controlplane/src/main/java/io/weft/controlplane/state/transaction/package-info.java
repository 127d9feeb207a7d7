/// Transactions: who may write under which transactional id, and what belongs to an open
/// transaction.
///
/// `TransactionStep → StepRules.decide → Ruling (TransactionChange…) → TransactionTable.replay`,
/// and for each batch that asks for its place `FileGate.judge`. That a transaction ended is one
/// change; the partitions' logs make their markers of it, the groups their offsets.
///
/// Invariants: a transactional id has one producer at a time, and every other one that ever used it
/// is fenced, here and in every partition; a producer has at most one transaction open; there is no
/// state between open and ended. `decide` changes nothing, `replay` decides nothing, and neither
/// knows a clock. Must not know: topics, logs, groups, the journal's records.
package io.weft.controlplane.state.transaction;
