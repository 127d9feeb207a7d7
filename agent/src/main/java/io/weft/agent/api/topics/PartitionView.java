package io.weft.agent.api.topics;

import io.weft.agent.catalog.CatalogSnapshot;
import io.weft.agent.catalog.ClientRoute;
import io.weft.agent.catalog.LeaderChoice;
import io.weft.controlplane.api.Membership.Agent;
import io.weft.controlplane.api.TopicCatalog.Topic;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;

/// Partitions as a client is shown them by what it says of itself: leader and replicas are fictions
/// that make it ask the right agent and find the replication factor that was asked for. Immutable.
///
/// The replicas are the leader, then other live agents of the listener, then stand-ins: node ids no
/// agent will ever have, for which clients know no address and need none. All count as in sync: the
/// object store replicates, and no tool should report what is not so.
final class PartitionView {
  static final int NO_LEADER = -1;

  /// Node ids from here on stand in for replicas beyond the number of agents.
  static final int STAND_IN_ID_FIRST = 2_147_000_000;

  private final List<Agent> near;
  private final List<Agent> all;
  private final int leaderEpoch;

  PartitionView(CatalogSnapshot catalog, ClientRoute route) {
    this.near = catalog.agentsFor(route);
    this.all = catalog.agentsOn(route.listener());
    this.leaderEpoch = catalog.membershipEpoch();
  }

  /// The agents this client is told of.
  List<Agent> agents() {
    return near;
  }

  int leaderEpoch() {
    return leaderEpoch;
  }

  /// The node id of the agent to ask, or [#NO_LEADER] while there are no agents.
  int leader(Topic topic, int partition) {
    if (near.isEmpty()) {
      return NO_LEADER;
    }
    int index = LeaderChoice.leaderIndex(new PartitionId(topic.id(), partition), near);
    return near.get(index).id().value();
  }

  /// As many node ids as the topic's replication factor says, the leader's first.
  List<Integer> replicas(Topic topic, int leader) {
    int count = Math.max(1, topic.replicationFactor());
    List<Integer> replicas = new ArrayList<>(count);
    int first = 0;
    while (first < all.size() && all.get(first).id().value() != leader) {
      first++;
    }
    for (int i = 0; i < Math.min(count, all.size()); i++) {
      replicas.add(all.get((first + i) % all.size()).id().value());
    }
    for (int standIn = 0; replicas.size() < count; standIn++) {
      replicas.add(STAND_IN_ID_FIRST + standIn);
    }
    return replicas;
  }

  static Uuid uuid(TopicId id) {
    return new Uuid(id.high(), id.low());
  }

  static TopicId topicId(Uuid uuid) {
    return new TopicId(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits());
  }
}
