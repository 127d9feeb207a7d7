/// Compacted topics (`cleanup.policy=compact`) cleaned: of each key the last record stays.
///
/// `CleaningLoop → Cleanings.next → PartitionCleaning (ExtentBatches → BatchCleaner.note →
/// KeyOffsets; ExtentBatches → BatchCleaner.clean → CleanedRun → CleanedPiece) → CleanedFiles →
/// FilePut → UploadCheck → WrittenSums → Cleanings.swap`
///
/// Invariants: what stays and what goes is decided by the rules of Kafka's log cleaner, and offsets
/// never change; memory does not grow with the number of keys: where there is no more room for
/// keys, a round ends, and the next one goes on; pieces are swapped by rising offsets, each as a
/// whole, and none after one that was refused, so what a tombstone has deleted is gone before the
/// tombstone goes; every batch passes the checks of those that are served. Must not know: how
/// partitions are chosen, producers, fetches.
package io.weft.agent.cleaning;
