package io.weft.simulation.cluster;

import io.weft.agent.cache.CacheSettings;
import io.weft.agent.fetch.FetchSettings;
import io.weft.agent.produce.ProduceSettings;

/// How agents are built and set.
public record AgentBuild(
    Build build, ProduceSettings produce, CacheSettings cache, FetchSettings fetch) {}
