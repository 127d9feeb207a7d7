/// Metrics that clients push (KIP-714).
///
/// `GetTelemetrySubscriptionsHandler → ClientInstances → Subscription`; `PushTelemetryHandler →
/// ClientInstance → PushedMetrics → PushedSeries`.
///
/// Invariants: clients and series are bounded, and what a message is decompressed to; a client may
/// push to any agent, which makes it anew from the subscriptions if it does not know it. Must not
/// know: what any metric means, or where metrics are looked at.
package io.weft.agent.api.telemetry;
