package io.weft.controlplane.leader.cleaning;

import io.weft.controlplane.api.topic.TopicSettings;
import io.weft.controlplane.leader.cleaning.CleaningPlanner.Busy;
import io.weft.model.Extent;
import io.weft.model.FileTier;
import io.weft.model.Marker;
import io.weft.model.PartitionId;
import io.weft.model.Span;

/// How dirty one partition is, found by going through its spans in order. Owned by one thread.
///
/// ```
/// log = clean dirty uncleanable
/// ```
///
/// Clean is what begins the log and has offsets of its own. Dirty is what follows, up to the first
/// extent that cannot be cleaned yet.
final class DirtyPartition {
  private final PartitionId partition;
  private final TopicSettings settings;
  private final Limits limits;
  private long dirtyFrom = -1;
  private long end = -1;
  private long cleanBytes;
  private long dirtyBytes;
  private long oldestMs = -1;
  private long oldestFile = Long.MAX_VALUE;

  /// What holds for all partitions of one walk.
  ///
  /// @param nowMs wall time
  /// @param restedBelow files from this number on are left alone
  /// @param agedBelow files below this number have been there for long
  /// @param busy what is being merged
  record Limits(long nowMs, long restedBelow, long agedBelow, Busy busy) {}

  /// @param settings of its topic
  DirtyPartition(PartitionId partition, TopicSettings settings, Limits limits) {
    this.partition = partition;
    this.settings = settings;
    this.limits = limits;
  }

  PartitionId partition() {
    return partition;
  }

  TopicSettings settings() {
    return settings;
  }

  long dirtyFrom() {
    return dirtyFrom;
  }

  /// Up to where it can be cleaned, exclusive.
  long end() {
    return end;
  }

  long dirtyBytes() {
    return dirtyBytes;
  }

  /// Of its cleanable bytes, those that are dirty.
  double dirtyRatio() {
    return dirtyBytes == 0 ? 0 : (double) dirtyBytes / (cleanBytes + dirtyBytes);
  }

  /// @param lastStableOffset of the partition
  /// @return false if nothing from this span on can be cleaned
  boolean add(Span span, long lastStableOffset) {
    return switch (span) {
      case Marker _ -> true;
      case Extent extent -> add(extent, lastStableOffset);
    };
  }

  private boolean add(Extent extent, long lastStableOffset) {
    if (dirtyFrom < 0 && extent.hasOwnOffsets()) {
      cleanBytes += extent.length();
      return !limits.busy().isBusy(partition, extent.fileId());
    }
    if (extent.lastOffset() >= lastStableOffset
        || isYoung(extent)
        || FileTier.number(extent.fileId()) >= limits.restedBelow()
        || limits.busy().isBusy(partition, extent.fileId())) {
      return false;
    }
    if (dirtyFrom < 0) {
      dirtyFrom = extent.baseOffset();
      oldestMs = extent.maxTimestampMs();
    }
    oldestFile = Math.min(oldestFile, FileTier.number(extent.fileId()));
    dirtyBytes += extent.length();
    end = extent.lastOffset() + 1;
    return true;
  }

  private boolean isYoung(Extent extent) {
    return settings.minCompactionLagMs() > 0
        && extent.maxTimestampMs() > limits.nowMs() - settings.minCompactionLagMs();
  }

  /// Whether it is to be cleaned now: Kafka's two reasons, the first of them only where it pays.
  ///
  /// @param dirtyBytesMin what pays, if it is not aged
  boolean isDue(long dirtyBytesMin) {
    if (dirtyBytes == 0) {
      return false;
    }
    boolean isLate = oldestMs >= 0 && oldestMs < limits.nowMs() - settings.maxCompactionLagMs();
    boolean pays = dirtyBytes >= dirtyBytesMin || oldestFile < limits.agedBelow();
    return isLate || (pays && dirtyRatio() > settings.minCleanableDirtyRatio());
  }
}
