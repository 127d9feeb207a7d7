/// What goes wrong in a simulated cluster, how often, and how often it did.
///
/// `Weather` (the rates now) `→ LyingStore → FaultCounts`; the networks of `simulation.cluster` ask
/// the same weather and count in the same place. `TierGuard` is one of the two stores of a cluster
/// with tiers.
///
/// Must not know: what the things are that it happens to.
package io.weft.simulation.fault;
