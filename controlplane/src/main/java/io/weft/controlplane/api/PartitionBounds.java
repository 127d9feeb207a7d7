package io.weft.controlplane.api;

/// Where a partition's log begins and ends, at one version of the metadata.
///
/// @param logStartOffset the first offset that may be read
/// @param highWatermark the offset the next record will get
/// @param lastStableOffset the first offset of the oldest open transaction, else the high watermark
public record PartitionBounds(long logStartOffset, long highWatermark, long lastStableOffset) {
  public PartitionBounds {
    if (logStartOffset < 0 || highWatermark < logStartOffset || lastStableOffset > highWatermark) {
      throw new IllegalArgumentException(
          "impossible bounds %d, %d, %d"
              .formatted(logStartOffset, highWatermark, lastStableOffset));
    }
  }
}
