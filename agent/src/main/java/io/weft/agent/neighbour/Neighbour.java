package io.weft.agent.neighbour;

import io.weft.model.AgentId;
import io.weft.rpc.HostPort;

/// Another agent of the zone, and where it is asked.
public record Neighbour(AgentId id, HostPort address) {}
