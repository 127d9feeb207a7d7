package io.weft.model;

/// An aborted transaction in one partition: the producer's transactional records from its first one
/// up to the marker do not count. Others' records lie between them.
///
/// @param markerOffset where the transaction ended
public record AbortedRange(long producerId, long firstOffset, long markerOffset) {
  public AbortedRange {
    if (producerId < 0 || firstOffset < 0 || markerOffset <= firstOffset) {
      throw new IllegalArgumentException(
          "impossible aborted range of producer %d: %d..%d"
              .formatted(producerId, firstOffset, markerOffset));
    }
  }

  /// Whether records of it may lie among the offsets from `from` up to, not including, `end`.
  public boolean concerns(long from, long end) {
    return markerOffset >= from && firstOffset < end;
  }
}
