package io.weft.model;

/// A run of one partition's adjacent batches in one file: the unit of metadata.
///
/// The batches of an ingest file's extent carry no offsets of their own: the first has
/// `baseOffset`, each next one follows the last record of the one before it.
///
/// @param fileId the file that holds the bytes
/// @param position where the first batch begins in the file, in bytes
/// @param length bytes of all the batches
/// @param baseOffset offset of the first record
/// @param lastOffset offset of the last record, inclusive
/// @param maxTimestampMs the largest record timestamp, or -1 where no record has one
/// @param logAppendTimeMs the time the control plane gave the batches (LogAppendTime topics), else
///   -1
public record Extent(
    long fileId,
    long position,
    int length,
    long baseOffset,
    long lastOffset,
    long maxTimestampMs,
    long logAppendTimeMs)
    implements Span {
  public Extent {
    if (fileId < 0 || position < 0 || length <= 0 || baseOffset < 0 || lastOffset < baseOffset) {
      throw new IllegalArgumentException(
          "impossible extent: file %d, position %d, length %d, offsets %d..%d"
              .formatted(fileId, position, length, baseOffset, lastOffset));
    }
  }
}
