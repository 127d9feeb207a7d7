/// What a cluster's object stores cost, counted or predicted, and what the same load costs on
/// Kafka.
///
/// counted: `MetricsCall → MetricsText → Counted → Activity`; predicted: `Load → Forecast →
/// Activity`; then both: `Activity, PriceTable → Bill → BillText, BillJson`, with `KafkaBill`
/// beside.
///
/// Invariants: prices come from a table and nowhere else; the same `Bill` prices what was counted
/// and what is predicted; a rate is per second and a month has 30 days. Must not know: how an agent
/// or a control plane works.
package io.weft.server.cost;
