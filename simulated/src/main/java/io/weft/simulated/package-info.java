/// A world for tests in which time, threads and chance come from one seed, and an object store that
/// fails in the ways stores do.
///
/// `SimulatedWorld → SimulatedProcess → Environment`, `SimulatedStore → StoreLink → ObjectStore`.
///
/// Invariants: one thread runs at a time; time moves only when nobody can run; the same seed gives
/// the same run (as long as nothing inside uses `synchronized`, real time or hash order). Processes
/// are told apart only where a test stops one of them.
package io.weft.simulated;
