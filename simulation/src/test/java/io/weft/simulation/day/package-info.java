/// A control plane's day: what stays in memory, in the journal and in the bucket while records come
/// and go at one pace, files are merged and deleted, and nobody looks.
///
/// `Day → LeaderSeat ← DayAgent → (the bucket) → HourOfDay`
///
/// Invariants: the leader is the real one, with its journal, under simulated time; agents do
/// nothing but ask it what real ones ask. Must not know: records, clients, faults.
package io.weft.simulation.day;
