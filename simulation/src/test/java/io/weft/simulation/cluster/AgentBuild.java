package io.weft.simulation.cluster;

import io.weft.agent.assembly.AgentSettings;

/// How agents are built and set.
public record AgentBuild(Build build, AgentSettings settings) {}
