/// A compacted topic as its clients see it, and what must be true of each of its keys.
///
/// `TableWriter → Caller; TableReader → Caller; both → TableLedger`
///
/// Must not know: the nemesis, the control plane's state, how topics are cleaned.
package io.weft.simulation.table;
