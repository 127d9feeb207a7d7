package io.weft.agent.compaction;

import io.weft.agent.files.FileSettings;
import io.weft.controlplane.api.file.Compactions;

/// How an agent merges files.
///
/// @param enabled whether it does at all
/// @param jobBytesMax of batches in one job; they are in memory until their file is put
/// @param extentBytesMax extents do not grow beyond this, as a chunk: who looks for an offset in
///   the middle of one goes through all that is before it
/// @param bytesPerSecond that it reads, at most, as a mean over an input
/// @param askEveryMs how long it waits before it asks again when there is nothing to do
/// @param files how its files get their ids
public record CompactionSettings(
    boolean enabled,
    long jobBytesMax,
    int extentBytesMax,
    long bytesPerSecond,
    int askEveryMs,
    FileSettings files) {
  public static final long JOB_BYTES_MAX = 64L << 20;
  public static final int EXTENT_BYTES_MAX = Compactions.EXTENT_BYTES_MAX;
  public static final long BYTES_PER_SECOND = 64L << 20;
  public static final int ASK_EVERY_MS = 10_000;

  /// Merging needs few ids, and they end with their time.
  private static final int IDS_PER_LEASE = 10;

  public static final CompactionSettings STANDARD =
      new CompactionSettings(
          true,
          JOB_BYTES_MAX,
          EXTENT_BYTES_MAX,
          BYTES_PER_SECOND,
          ASK_EVERY_MS,
          new FileSettings(
              IDS_PER_LEASE, 0, FileSettings.BACKOFF_MS_MIN, FileSettings.BACKOFF_MS_MAX));

  public CompactionSettings {
    if (jobBytesMax < 1 || extentBytesMax < 1 || bytesPerSecond < 1 || askEveryMs < 1) {
      throw new IllegalArgumentException("impossible settings of compaction");
    }
  }

  /// These, but for whether it merges at all.
  public CompactionSettings enabled(boolean other) {
    return new CompactionSettings(
        other, jobBytesMax, extentBytesMax, bytesPerSecond, askEveryMs, files);
  }

  /// These, with no more memory than this.
  public CompactionSettings within(long bytesMax) {
    return new CompactionSettings(
        enabled,
        Math.clamp(bytesMax, 1, jobBytesMax),
        extentBytesMax,
        bytesPerSecond,
        askEveryMs,
        files);
  }

  /// These, but for how long extents become and how often it asks.
  public CompactionSettings with(int otherExtentBytesMax, int otherAskEveryMs) {
    return new CompactionSettings(
        enabled, jobBytesMax, otherExtentBytesMax, bytesPerSecond, otherAskEveryMs, files);
  }
}
