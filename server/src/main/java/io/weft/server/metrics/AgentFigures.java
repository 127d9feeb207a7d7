package io.weft.server.metrics;

import io.weft.agent.api.telemetry.PushedMetrics;
import io.weft.agent.cache.CacheFigures;
import io.weft.agent.produce.ProduceFigures;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// Where the figures of one agent are to be had.
///
/// @param connections open now
/// @param requestBytes of requests that are being read, handled or answered now
/// @param pushed by clients, of themselves
public record AgentFigures(
    CountedRequests requests,
    Supplier<ProduceFigures.Reading> produce,
    Supplier<CacheFigures> cache,
    IntSupplier connections,
    LongSupplier requestBytes,
    PushedMetrics pushed) {}
