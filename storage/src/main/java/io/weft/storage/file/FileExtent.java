package io.weft.storage.file;

import io.weft.model.PartitionId;

/// A file's own word on one run of one partition's batches.
///
/// @param position where the run begins in the file
/// @param crc32c of the run's bytes as they lie in the file
public record FileExtent(
    PartitionId partition,
    long position,
    int length,
    int batches,
    int records,
    long firstTimestampMs,
    long maxTimestampMs,
    int crc32c) {}
