package io.weft.agent.neighbour;

import io.weft.controlplane.api.Membership.Agent;
import io.weft.controlplane.api.Membership.NeighbourKey;
import io.weft.model.AgentId;
import io.weft.model.Zone;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Where an agent stands among the others, as far as it knows. No supplier blocks.
///
/// @param zone this agent's
/// @param group this agent's: agents of another one are neither asked nor answered
/// @param self under which id it is registered now; empty if it is not
/// @param agents all live ones
/// @param keys what they sign with what they ask of each other, the oldest first; without any this
///   agent neither asks nor answers
public record ZoneSight(
    Zone zone,
    String group,
    Supplier<Optional<AgentId>> self,
    Supplier<List<Agent>> agents,
    Supplier<List<NeighbourKey>> keys) {}
