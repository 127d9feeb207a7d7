/// What goes wrong in a simulated cluster, how often, and how often it did.
///
/// `Weather` (the rates now) `→ LyingStore`, `Network → FaultCounts`.
///
/// Must not know: what the things are that it happens to.
package io.weft.simulation.fault;
