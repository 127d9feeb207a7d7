package io.weft.agent.share;

import io.weft.controlplane.api.ShareGroups.AcquiredRun;
import io.weft.model.PartitionId;
import java.util.ArrayList;
import java.util.List;

/// What a member has acquired of one partition.
///
/// @param runs at least one, in offset order
record AcquiredRuns(PartitionId partition, List<AcquiredRun> runs) {
  long first() {
    return runs.getFirst().firstOffset();
  }

  /// The offset after the last.
  long end() {
    return runs.getLast().lastOffset() + 1;
  }

  List<AcquiredRun> before(long offset) {
    List<AcquiredRun> before = new ArrayList<>();
    for (AcquiredRun run : runs) {
      if (run.firstOffset() < offset) {
        long last = Math.min(run.lastOffset(), offset - 1);
        before.add(new AcquiredRun(run.firstOffset(), last, run.deliveries()));
      }
    }
    return before;
  }

  List<AcquiredRun> from(long offset) {
    List<AcquiredRun> from = new ArrayList<>();
    for (AcquiredRun run : runs) {
      if (run.lastOffset() >= offset) {
        long first = Math.max(run.firstOffset(), offset);
        from.add(new AcquiredRun(first, run.lastOffset(), run.deliveries()));
      }
    }
    return from;
  }
}
