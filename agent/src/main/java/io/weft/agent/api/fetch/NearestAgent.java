package io.weft.agent.api.fetch;

import io.weft.agent.catalog.CatalogSnapshot;
import io.weft.agent.catalog.ClientRoute;
import io.weft.agent.catalog.LeaderChoice;
import io.weft.agent.network.Request;
import io.weft.controlplane.api.Membership.Agent;
import io.weft.model.PartitionId;
import io.weft.model.Zone;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.requests.FetchRequest;

/// The agent a consumer should rather ask, by the rack it names in its fetches (KIP-392): the one
/// of that zone that stands as the partition's leader there.
///
/// An agent of the consumer's own zone sends nobody away, so nobody is sent to and fro; and nobody
/// is sent to an agent that the metadata does not show to this client, since it would come back.
///
/// @param zone where the client is, or [Zone#NONE] where it should stay
/// @param shown what the client's metadata is made for
record NearestAgent(Zone zone, ClientRoute shown) {
  static NearestAgent of(Request request, Zone own) {
    String rack = ((FetchRequest) request.body()).data().rackId();
    boolean isElsewhere =
        !rack.isEmpty() && rack.length() <= Zone.NAME_CHARS_MAX && !rack.equals(own.name());
    return new NearestAgent(
        isElsewhere ? new Zone(rack) : Zone.NONE,
        ClientRoute.of(request.header().clientId(), request.client().listener()));
  }

  /// @return empty if the partition is best read here
  Optional<Agent> forPartition(PartitionId partition, CatalogSnapshot catalog) {
    if (zone.equals(Zone.NONE)) {
      return Optional.empty();
    }
    List<Agent> near =
        catalog.agentsFor(shown).stream().filter(agent -> agent.zone().equals(zone)).toList();
    return near.isEmpty()
        ? Optional.empty()
        : Optional.of(near.get(LeaderChoice.leaderIndex(partition, near)));
  }
}
