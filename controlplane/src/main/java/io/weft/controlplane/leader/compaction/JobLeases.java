package io.weft.controlplane.leader.compaction;

import io.weft.controlplane.api.file.Compactions.Run;
import io.weft.model.AgentId;
import io.weft.model.PartitionId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Which agent works on which job, until when, and which files and partitions are busy by that.
/// Owned by the leader thread.
final class JobLeases {
  private record Lease(AgentId agent, PlannedJob job, long untilMs) {}

  private final Map<Long, Lease> leases = new HashMap<>();

  /// Files that are merged as a whole.
  private final Set<Long> whole = new HashSet<>();

  /// By file: how many jobs merge some partitions of it.
  private final Map<Long, Integer> sliced = new HashMap<>();

  /// By partition: how many runs of it such jobs merge.
  private final Map<PartitionId, Integer> partitions = new HashMap<>();

  int count() {
    return leases.size();
  }

  /// Whether a job has the file as an input.
  boolean isBusy(long fileId) {
    return isWhole(fileId) || sliced.containsKey(fileId);
  }

  boolean isWhole(long fileId) {
    return whole.contains(fileId);
  }

  /// Whether a job may merge what a partition has in a file.
  boolean isBusy(PartitionId partition, long fileId) {
    return isWhole(fileId) || (isBusy(partition) && sliced.containsKey(fileId));
  }

  /// Whether a job merges this partition by its extents.
  boolean isBusy(PartitionId partition) {
    return partitions.containsKey(partition);
  }

  /// The files of a job are busy from the moment it is planned.
  void plan(List<Long> inputs) {
    whole.addAll(inputs);
  }

  /// So is a file that it merges some partitions of.
  void planSlice(long fileId) {
    sliced.merge(fileId, 1, Integer::sum);
  }

  /// To be called for each of its runs.
  void planSlice(PartitionId partition) {
    partitions.merge(partition, 1, Integer::sum);
  }

  void forget(List<Long> inputs) {
    inputs.forEach(whole::remove);
  }

  void give(AgentId agent, PlannedJob job, long untilMs) {
    leases.put(job.id(), new Lease(agent, job, untilMs));
  }

  /// Ends a job's lease, if there is one.
  Optional<PlannedJob> end(long job) {
    Lease ended = leases.remove(job);
    if (ended == null) {
      return Optional.empty();
    }
    free(ended.job());
    return Optional.of(ended.job());
  }

  /// Nobody works on a job that was planned, nor will.
  void free(PlannedJob job) {
    if (job.isSlice()) {
      job.files().forEach(fileId -> lessen(sliced, fileId));
      job.runs().stream().map(Run::partition).forEach(partition -> lessen(partitions, partition));
    } else {
      forget(job.files());
    }
  }

  private static <K> void lessen(Map<K, Integer> counts, K key) {
    counts.computeIfPresent(key, (_, count) -> count == 1 ? null : count - 1);
  }

  boolean isGivenTo(AgentId agent, long job) {
    Lease lease = leases.get(job);
    return lease != null && lease.agent().equals(agent);
  }

  /// Ends what this agent has.
  void endAllOf(AgentId agent) {
    List<Long> its =
        leases.entrySet().stream()
            .filter(entry -> entry.getValue().agent().equals(agent))
            .map(Map.Entry::getKey)
            .toList();
    its.forEach(this::end);
  }

  /// @return how many have run out
  int expire(long nowMs) {
    List<Long> late =
        leases.entrySet().stream()
            .filter(entry -> entry.getValue().untilMs() <= nowMs)
            .map(Map.Entry::getKey)
            .toList();
    late.forEach(this::end);
    return late.size();
  }
}
