package io.weft.model;

/// A run of one partition's adjacent batches in one file: the unit of metadata.
///
/// Its offsets are dense, as those of every extent of an ingest file, or its own: then there may be
/// gaps between the batches, before the first and behind the last.
///
/// @param fileId the file that holds the bytes
/// @param position where the first batch begins in the file, in bytes
/// @param length bytes of all the batches
/// @param baseOffset offset of the first record
/// @param lastOffset offset of the last record, inclusive
/// @param maxTimestampMs the largest record timestamp, or -1 where no record has one
/// @param logAppendTimeMs the time the control plane gave the batches (LogAppendTime topics), else
///   -1
/// @param offsets what says which offsets the batches have
public record Extent(
    long fileId,
    long position,
    int length,
    long baseOffset,
    long lastOffset,
    long maxTimestampMs,
    long logAppendTimeMs,
    Offsets offsets)
    implements Span {
  /// What says which offsets the batches of an extent have.
  public enum Offsets {
    /// The batches carry none of their own: the first has the extent's `baseOffset`, each next one
    /// follows the last record of the one before it, and the last one ends with `lastOffset`.
    DENSE,

    /// Each batch carries its base offset in the file. They rise, and all lie between `baseOffset`
    /// and `lastOffset`; an offset in no batch is one whose record was removed.
    OWN
  }

  /// One with dense offsets.
  public Extent(
      long fileId,
      long position,
      int length,
      long baseOffset,
      long lastOffset,
      long maxTimestampMs,
      long logAppendTimeMs) {
    this(
        fileId,
        position,
        length,
        baseOffset,
        lastOffset,
        maxTimestampMs,
        logAppendTimeMs,
        Offsets.DENSE);
  }

  public Extent {
    if (fileId < 0 || position < 0 || length <= 0 || baseOffset < 0 || lastOffset < baseOffset) {
      throw new IllegalArgumentException(
          "impossible extent: file %d, position %d, length %d, offsets %d..%d"
              .formatted(fileId, position, length, baseOffset, lastOffset));
    }
  }

  public boolean hasOwnOffsets() {
    return offsets == Offsets.OWN;
  }
}
