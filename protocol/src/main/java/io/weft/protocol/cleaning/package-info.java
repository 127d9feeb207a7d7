/// What Kafka's log cleaner does with a batch of a compacted topic (`cleanup.policy=compact`).
///
/// `BatchCleaner.note → KeyOffsets (the last offset of each key) → BatchCleaner.clean → what stays`
///
/// Invariants: what stays and what goes is as in Kafka, and offsets never change; memory does not
/// grow with the number of keys, nor with what a batch unfolds to beyond a limit. Must not know:
/// where batches come from, and where they go.
package io.weft.protocol.cleaning;
