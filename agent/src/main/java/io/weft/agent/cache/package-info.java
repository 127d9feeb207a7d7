/// Pieces of files, kept in memory so that many readers cost one GET.
///
/// `VerifiedBatches → Chunks (LocalChunks: what is held, else one load → ObjectStore) →
/// ChunkSlice…`; `LocalChunks.keepFresh` takes a file from its writer.
///
/// Invariants: what is held is bounded in bytes; however many ask for a chunk that is not held, the
/// store sees one GET; a failed load is the answer to those readers alone that waited for it; no
/// byte that came from the store is used before its batch's CRC was checked. Must not know: offsets
/// (but whether one that a batch carries is undamaged), the control plane, Kafka's messages; a
/// partition only by its id, to see which partition bytes belong to.
package io.weft.agent.cache;
