/// What transactional producers and their operators may ask of the control plane.
///
/// `TransactionStep → Transactions.take → Outcome`, and questions that change nothing.
///
/// Invariants: those of the api; a step is taken whole or not at all, and a repeated one does no
/// harm. Must not know: Kafka's error codes, how transactions end in partitions.
package io.weft.controlplane.api.transaction;
