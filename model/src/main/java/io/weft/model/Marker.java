package io.weft.model;

import java.util.Optional;

/// The end of a transaction in one partition. It takes one offset and lies in no file: the control
/// batch that Kafka's readers expect there is made up when it is read.
///
/// @param offset the one it takes
/// @param producerId of the transaction that ended
/// @param producerEpoch of the producer when it ended
/// @param committed or else aborted
/// @param firstOffset of the transaction's records in this partition; `offset` if it has none here
/// @param timeMs when it ended
public record Marker(
    long offset,
    long producerId,
    short producerEpoch,
    boolean committed,
    long firstOffset,
    long timeMs)
    implements Span {
  /// Bytes of the control batch: a v2 batch head (61), one record with the marker's type as its key
  /// and the coordinator's epoch as its value (17).
  public static final int BATCH_BYTES = 78;

  public Marker {
    if (producerId < 0
        || producerEpoch < 0
        || firstOffset < 0
        || offset < firstOffset
        || offset == Long.MAX_VALUE
        || timeMs < 0) {
      throw new IllegalArgumentException(
          "impossible marker: offset %d, producer %d, epoch %d, first offset %d, time %d"
              .formatted(offset, producerId, producerEpoch, firstOffset, timeMs));
    }
  }

  /// What of the partition it says was aborted: nothing if it commits or if there are no records.
  public Optional<AbortedRange> aborted() {
    return committed || firstOffset == offset
        ? Optional.empty()
        : Optional.of(new AbortedRange(producerId, firstOffset, offset));
  }

  @Override
  public long baseOffset() {
    return offset;
  }

  @Override
  public long lastOffset() {
    return offset;
  }

  @Override
  public int length() {
    return BATCH_BYTES;
  }

  @Override
  public long maxTimestampMs() {
    return timeMs;
  }
}
