package io.weft.agent.api;

import io.weft.agent.catalog.LiveCatalog;
import io.weft.controlplane.api.ControlPlane;
import io.weft.environment.Environment;
import io.weft.model.AgentId;
import java.util.function.Supplier;

/// What the handlers of topics, settings and the cluster are made of.
///
/// @param self this agent's id, which may change while it runs
public record ApiParts(
    LiveCatalog catalog,
    ControlPlane controlPlane,
    Supplier<AgentId> self,
    Environment environment,
    ApiSettings settings) {}
