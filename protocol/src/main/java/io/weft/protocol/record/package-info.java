/// Kafka's record batches (format v2), read, checked and re-stamped where they lie.
///
/// `BatchVerifier: ByteBuffer → VerifiedBatch | Refused` on the way in; `BatchView` walks batch
/// headers; `StampedRecords` is what a fetch answers: stored bodies under new headers, gathered and
/// never copied.
///
/// Invariants: a batch's bytes are touched once on the way in (one pass for CRC and structure) and
/// never changed; what is stamped at read time lies outside the batch's CRC, or the CRC is verified
/// first and computed again. Must not know: sockets, files, topics, Weft.
package io.weft.protocol.record;
