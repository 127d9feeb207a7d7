package io.weft.agent.cleaning;

import io.weft.agent.compaction.CompactionSettings;

/// How an agent cleans partitions.
///
/// @param enabled whether it does at all
/// @param mapBytesMax of the map of keys: a round ends where it is full
/// @param pieceBytesMax of one file that it writes; in memory until the file is put
/// @param extentBytesMax extents do not grow beyond this
/// @param decompressedBytesMax the records of one batch may unfold to
/// @param bytesPerSecond that it reads, at most
/// @param askEveryMs how long it waits before it asks again when there is nothing to do
public record CleaningSettings(
    boolean enabled,
    long mapBytesMax,
    long pieceBytesMax,
    int extentBytesMax,
    int decompressedBytesMax,
    long bytesPerSecond,
    int askEveryMs) {
  /// Ten million keys.
  public static final long MAP_BYTES_MAX = 256L << 20;

  /// What a topic allows by default, as a batch unfolds.
  public static final int DECOMPRESSED_BYTES_MAX = 128 << 20;

  /// Parts of the heap that the map, and a batch that unfolds, may have at most.
  private static final int HEAP_SHARE = 8;

  public static final CleaningSettings STANDARD =
      new CleaningSettings(
          true,
          MAP_BYTES_MAX,
          CompactionSettings.JOB_BYTES_MAX,
          CompactionSettings.EXTENT_BYTES_MAX,
          DECOMPRESSED_BYTES_MAX,
          CompactionSettings.BYTES_PER_SECOND,
          CompactionSettings.ASK_EVERY_MS);

  public CleaningSettings {
    if (mapBytesMax < 1
        || pieceBytesMax < 1
        || extentBytesMax < 1
        || decompressedBytesMax < 1
        || bytesPerSecond < 1
        || askEveryMs < 1) {
      throw new IllegalArgumentException("impossible settings of cleaning");
    }
  }

  /// The standard, as far as a heap allows it, and with what holds for merging files too.
  public static CleaningSettings of(CompactionSettings merging, long heapBytes) {
    return new CleaningSettings(
        merging.enabled(),
        Math.min(MAP_BYTES_MAX, heapBytes / HEAP_SHARE),
        merging.jobBytesMax(),
        merging.extentBytesMax(),
        (int) Math.min(DECOMPRESSED_BYTES_MAX, heapBytes / HEAP_SHARE),
        merging.bytesPerSecond(),
        merging.askEveryMs());
  }
}
