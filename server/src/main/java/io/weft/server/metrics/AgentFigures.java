package io.weft.server.metrics;

import io.weft.agent.ahead.AheadFigures;
import io.weft.agent.api.CountedRequests;
import io.weft.agent.api.telemetry.PushedMetrics;
import io.weft.agent.cache.CacheFigures;
import io.weft.agent.cleaning.CleaningFigures;
import io.weft.agent.compaction.CompactionFigures;
import io.weft.agent.neighbour.NeighbourFigures;
import io.weft.agent.network.NetworkFigures;
import io.weft.agent.produce.ProduceFigures;
import java.util.function.Supplier;

/// Where the figures of one agent come from.
///
/// @param pushed by clients, of themselves
public record AgentFigures(
    CountedRequests requests,
    Supplier<ProduceFigures.Reading> produce,
    Supplier<CacheFigures> cache,
    Supplier<AheadFigures> ahead,
    Supplier<NetworkFigures> network,
    Supplier<NeighbourFigures> neighbours,
    Supplier<CompactionFigures.Reading> compaction,
    Supplier<CleaningFigures.Reading> cleaning,
    PushedMetrics pushed) {}
