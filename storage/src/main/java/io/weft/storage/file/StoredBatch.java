package io.weft.storage.file;

import java.nio.ByteBuffer;

/// A Kafka record batch (v2) on its way into a file: already verified, never copied.
///
/// @param bytes the whole batch, from base offset to last record; not to be written to
/// @param records how many offsets it takes (last offset delta + 1)
/// @param firstTimestampMs timestamp of the first record, or -1
/// @param maxTimestampMs largest timestamp of its records, or -1
public record StoredBatch(
    ByteBuffer bytes, int records, long firstTimestampMs, long maxTimestampMs) {}
