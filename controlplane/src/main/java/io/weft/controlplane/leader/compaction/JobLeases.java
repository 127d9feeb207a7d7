package io.weft.controlplane.leader.compaction;

import io.weft.model.AgentId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Which agent works on which job, until when, and which files are busy by that. Owned by the
/// leader thread.
final class JobLeases {
  private record Lease(AgentId agent, PlannedJob job, long untilMs) {}

  private final Map<Long, Lease> leases = new HashMap<>();
  private final Set<Long> files = new HashSet<>();

  int count() {
    return leases.size();
  }

  boolean isBusy(long fileId) {
    return files.contains(fileId);
  }

  /// The files of a job are busy from the moment it is planned.
  void plan(List<Long> inputs) {
    files.addAll(inputs);
  }

  void forget(List<Long> inputs) {
    inputs.forEach(files::remove);
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
    forget(ended.job().files());
    return Optional.of(ended.job());
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
