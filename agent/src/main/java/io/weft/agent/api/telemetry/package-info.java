/// Metrics that clients push (KIP-714).
///
/// `GetTelemetrySubscriptions → Subscription`; `PushTelemetry → …`
///
/// Must not know: what any metric means.
package io.weft.agent.api.telemetry;
