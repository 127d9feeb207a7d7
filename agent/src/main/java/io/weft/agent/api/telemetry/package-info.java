/// Metrics that clients push (KIP-714).
///
/// `GetTelemetrySubscriptionsHandler → ClientInstances → Subscription`; `PushTelemetryHandler →
/// ClientInstance → PushedMetrics → PushedSeries`.
///
/// Invariants: the numbers of clients and series are bounded, and so are the bytes that a message
/// is decompressed to; a client may push to any agent, which derives an unknown client's
/// subscription anew. Must not know: what any metric means, or where metrics are looked at.
package io.weft.agent.api.telemetry;
