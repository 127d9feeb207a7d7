package io.weft.agent.api.topics;

import io.weft.agent.catalog.CatalogSnapshot;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Judges a partition's replicas that were chosen by hand. Stateless.
final class ReplicaAssignments {
  private ReplicaAssignments() {}

  /// @param replication how many the topic's other partitions have
  static Optional<String> flaw(List<Integer> nodes, int replication, CatalogSnapshot catalog) {
    if (nodes.isEmpty()) {
      return Optional.of("The manual partition assignment includes an empty replica list.");
    }
    Set<Integer> seen = new HashSet<>();
    for (int node : nodes) {
      if (!seen.add(node)) {
        return Optional.of(
            "The manual partition assignment includes the broker %d more than once."
                .formatted(node));
      }
      boolean standIn = node >= PartitionView.STAND_IN_ID_FIRST;
      if (!standIn && catalog.agents().stream().noneMatch(agent -> agent.id().value() == node)) {
        return Optional.of(
            "The manual partition assignment includes broker %d, but no such broker is registered."
                .formatted(node));
      }
    }
    if (nodes.size() != replication) {
      return Optional.of(
          "The manual partition assignment includes a partition with %d replica(s), but this is not consistent with previous partitions, which have %d replica(s)."
              .formatted(nodes.size(), replication));
    }
    return Optional.empty();
  }
}
