package io.weft.controlplane.leader.compaction;

import io.weft.controlplane.api.file.Compactions;
import io.weft.controlplane.api.file.Compactions.Run;
import io.weft.model.Extent;
import io.weft.model.PartitionId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// A job of some partitions that is being put together. Its inputs and partitions are busy from the
/// moment they are part of it. Used once, by one thread.
final class SliceUnderWay {
  private final JobLeases leases;
  private final long bytesMax;
  private final Set<Long> files = new LinkedHashSet<>();
  private final List<Run> runs = new ArrayList<>();
  private int extents;
  private long bytes;

  SliceUnderWay(JobLeases leases, long bytesMax) {
    this.leases = leases;
    this.bytesMax = bytesMax;
  }

  boolean isEmpty() {
    return runs.isEmpty();
  }

  /// Whether there is room for this too; there always is for the first.
  boolean takes(List<Extent> run) {
    long others = run.stream().map(Extent::fileId).filter(it -> !files.contains(it)).count();
    return isEmpty()
        || (bytes + bytesOf(run) <= bytesMax
            && extents + run.size() <= Compactions.EXTENTS_MAX
            && files.size() + others <= Compactions.INPUTS_MAX);
  }

  void add(PartitionId partition, List<Extent> run) {
    runs.add(new Run(partition, run));
    leases.planSlice(partition);
    extents += run.size();
    bytes += bytesOf(run);
    for (Extent extent : run) {
      if (files.add(extent.fileId())) {
        leases.planSlice(extent.fileId());
      }
    }
  }

  PlannedJob job(long id) {
    return new PlannedJob(id, List.copyOf(files), true, bytes, List.copyOf(runs));
  }

  private static long bytesOf(List<Extent> run) {
    return run.stream().mapToLong(Extent::length).sum();
  }
}
