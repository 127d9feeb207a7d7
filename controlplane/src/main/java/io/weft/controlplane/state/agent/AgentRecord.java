package io.weft.controlplane.state.agent;

import io.weft.controlplane.api.Membership.Address;
import io.weft.controlplane.api.Membership.Advertised;
import io.weft.controlplane.api.Membership.Profile;
import io.weft.controlplane.codec.shape.Kind;
import io.weft.controlplane.state.part.StateRecord;
import io.weft.model.AgentId;
import io.weft.model.Zone;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// A change of the agents.
public sealed interface AgentRecord extends StateRecord {
  /// An agent came, or came again with another address.
  @Kind(6)
  record AgentRegistered(AgentId agent, UUID instance, Zone zone, String host, int port)
      implements AgentRecord {}

  /// An agent that is registered has said what it is for.
  @Kind(value = 102, since = 2)
  record AgentDescribed(AgentId agent, Profile profile) implements AgentRecord {}

  /// An agent has said by which listeners clients reach it, or that it has the plain one alone;
  /// until then it has that.
  @Kind(value = 103, since = 2)
  record ListenersTold(AgentId agent, List<Advertised> listeners) implements AgentRecord {}

  /// An agent left, or was not heard from for too long.
  @Kind(7)
  record AgentGone(AgentId agent) implements AgentRecord {}

  /// An agent has said where other agents reach it, or that they do not; until then they do not.
  @Kind(value = 101, since = 2)
  record NeighboursTold(AgentId agent, Optional<Address> reached) implements AgentRecord {}
}
