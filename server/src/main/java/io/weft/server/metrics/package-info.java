/// What a process shows at `/metrics`, in Prometheus' text form, and whether it lives and is ready.
///
/// `MeasuringObjectStore`, `ProduceFigures`, `CacheFigures`, `CountedRequests`, the JVM `→ Metrics
/// (one collector each) → MetricsEndpoint`; `Readiness → MetricsEndpoint`.
///
/// Invariants: nothing is counted here that a part already counts, and nothing is kept: a scrape
/// gets what the parts say at that moment; a counter never falls. The only room that knows
/// Prometheus. Must not know: settings, how processes are put together.
package io.weft.server.metrics;
