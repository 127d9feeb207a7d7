/// Producers and their transactions.
///
/// `InitProducerIdHandler → ProducerIdBlocks → Producers` without a transactional id; all with one
/// `→ TransactionStep → Transactions → Outcome → TransactionErrors`. What a batch may do is decided
/// where it is committed, not here.
///
/// Invariants: a producer id is given to one producer only; nothing about a transaction is kept in
/// an agent, so that any of them may answer any request. Must not know: records, how transactions
/// end in partitions.
package io.weft.agent.api.transactions;
