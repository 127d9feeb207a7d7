package io.weft.controlplane.leader.compaction;

import io.weft.controlplane.api.file.Compactions.Run;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// Jobs that are planned and wait for agents, slices first: they are about metadata. Owned by the
/// leader thread.
final class WaitingJobs {
  private final JobLeases leases;
  private final Deque<PlannedJob> slices = new ArrayDeque<>();
  private final Deque<PlannedJob> wholes = new ArrayDeque<>();

  WaitingJobs(JobLeases leases) {
    this.leases = leases;
  }

  void add(PlannedJob job) {
    (job.isSlice() ? slices : wholes).add(job);
  }

  int slices() {
    return slices.size();
  }

  int wholes() {
    return wholes.size();
  }

  /// The first that an agent can take. What has changed since it was planned would be refused in
  /// the end: of slices such runs are left out, and whole files with one are to be planned again.
  ///
  /// @param isCurrent whether a run can still be merged
  Optional<PlannedJob> take(long bytesMax, Predicate<Run> isCurrent) {
    return takeOf(slices, bytesMax, isCurrent).or(() -> takeOf(wholes, bytesMax, isCurrent));
  }

  private Optional<PlannedJob> takeOf(
      Deque<PlannedJob> jobs, long bytesMax, Predicate<Run> isCurrent) {
    Iterator<PlannedJob> each = jobs.iterator();
    while (each.hasNext()) {
      PlannedJob job = each.next();
      if (job.bytes() <= bytesMax) {
        each.remove();
        List<Run> current = job.runs().stream().filter(isCurrent).toList();
        if (current.size() == job.runs().size()) {
          return Optional.of(job);
        }
        leases.free(job);
        if (job.isSlice() && !current.isEmpty()) {
          return Optional.of(narrowed(job, current));
        }
      }
    }
    return Optional.empty();
  }

  private PlannedJob narrowed(PlannedJob job, List<Run> runs) {
    SliceUnderWay slice = new SliceUnderWay(leases, job.bytes());
    runs.forEach(run -> slice.add(run.partition(), run.extents()));
    return slice.job(job.id());
  }

  /// Drops those that are too large for every agent, so that smaller ones are planned.
  void dropLarger(long bytesMax) {
    for (Deque<PlannedJob> jobs : List.of(slices, wholes)) {
      jobs.stream().filter(job -> job.bytes() > bytesMax).forEach(leases::free);
      jobs.removeIf(job -> job.bytes() > bytesMax);
    }
  }
}
