package io.weft.controlplane.state.share;

import io.weft.controlplane.codec.shape.Kind;
import io.weft.controlplane.codec.shape.Shaped;
import io.weft.model.PartitionId;
import java.util.List;

/// One durable change of share groups, as it stands in the journal.
public sealed interface ShareChange {
  /// Share-partitions began, or began anew.
  ///
  /// @param stateEpoch rises each time it begins anew
  /// @param startOffset or -1: not known yet
  @Kind(1)
  record Begun(String group, int stateEpoch, long startOffset, List<PartitionId> partitions)
      implements ShareChange {}

  /// It was found out where a share-partition starts, or its log now begins later.
  @Kind(2)
  record Started(String group, PartitionId partition, long startOffset) implements ShareChange {}

  /// Records were finished, or given back.
  @Kind(3)
  record Settled(
      String group, PartitionId partition, @Shaped(by = SettledRuns.class) List<SettledRun> runs)
      implements ShareChange {}

  /// Share-partitions are no more.
  @Kind(4)
  record Ended(String group, List<PartitionId> partitions) implements ShareChange {}

  /// @param deliveries how often they were delivered without success, or [#FINISHED]
  record SettledRun(long firstOffset, long lastOffset, int deliveries) {
    public static final int FINISHED = -1;

    public SettledRun {
      if (firstOffset < 0 || lastOffset < firstOffset || deliveries < FINISHED) {
        throw new IllegalArgumentException(
            "an impossible run %d to %d".formatted(firstOffset, lastOffset));
      }
    }

    boolean isFinished() {
      return deliveries == FINISHED;
    }
  }
}
