/// Pieces of files, kept in memory so that many readers cost one GET.
///
/// `VerifiedBatches → Chunks (ReadPurpose; LocalChunks: what is held, else one load → ObjectStore)
/// → ChunkSlice…, released by its reader`; `LocalChunks.keepFresh` takes a file from its writer;
/// `Segments` say what goes first; `HeldChunks` have the pages of a `PagePool`, outside the heap.
///
/// Invariants: what is held is bounded in bytes, together with what readers hold of it; a reader
/// sees a slice's bytes until it releases it, once, and never after; what is brought for a reader
/// far behind takes no place from what readers near the end use again; however many ask for a chunk
/// that is not held, the store sees one GET; a failed load is the answer to those readers alone
/// that waited for it; no byte that came from the store is used before its batch's CRC was checked.
/// Must not know: offsets (but whether one that a batch carries is undamaged), the control plane,
/// Kafka's messages; a partition only by its id, to see which partition bytes belong to.
package io.weft.agent.cache;
