/// Compacted topics (`cleanup.policy=compact`) cleaned: of each key the last record stays.
///
/// `KeyOffsets` (the last offset of each dirty key) → `BatchCleaner` (what stays of a batch)
///
/// Invariants: what stays and what goes is decided by the rules of Kafka's log cleaner, and offsets
/// never change; memory does not grow with the number of keys: where there is no more room for
/// keys, a round ends, and the next one goes on. Must not know: which partitions are cleaned when.
package io.weft.agent.cleaning;
