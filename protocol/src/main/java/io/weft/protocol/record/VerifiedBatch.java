package io.weft.protocol.record;

import java.nio.ByteBuffer;

/// One batch that has passed every check, where it lies in the request. Only [BatchVerifier] makes
/// one.
///
/// @param bytes exactly the batch, from base offset to last record; not to be written to. Hand out
///   slices or duplicates, never move its position
/// @param records how many there are; their offset deltas are 0 to `records - 1`
/// @param firstTimestampMs of the first record, or -1
/// @param maxTimestampMs the largest of the records, or -1
/// @param producerId -1 for a producer that is not idempotent; then epoch and sequence are -1 too
/// @param checksum the CRC-32C that it carries, of its bytes from the attributes on
public record VerifiedBatch(
    ByteBuffer bytes,
    int records,
    long firstTimestampMs,
    long maxTimestampMs,
    long producerId,
    short producerEpoch,
    int baseSequence,
    boolean transactional,
    int checksum) {
  public int sizeInBytes() {
    return bytes.remaining();
  }
}
