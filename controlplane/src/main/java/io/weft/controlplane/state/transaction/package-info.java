/// Transactions: which producer may write under which transactional id, and what belongs to an open
/// transaction.
///
/// `Transactions → TransactionDesk → StepRules.decide → Decision → TransactionChanged →
/// TransactionTable.replay`, and for each batch that asks for its place `FileGate.judge`. That a
/// transaction ended is one change: the desk has the logs make their markers of it, and the groups
/// their offsets.
///
/// Invariants: a transactional id has one producer at a time, and every other one that ever used it
/// is fenced, here and in every partition; a producer has at most one transaction open; there is no
/// state between open and ended. `StepRules` changes nothing. Must not know: topics, agents,
/// leases.
package io.weft.controlplane.state.transaction;
