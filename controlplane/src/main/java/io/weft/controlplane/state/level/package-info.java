/// The level of formats that is final for the cluster.
///
/// `Releases → ClusterLevel → LevelRaised → ClusterLevel.replay`
///
/// Invariants: the level never falls; nothing of a higher level than it is written into the journal
/// or a snapshot, but for the record that raises it. Must not know: what differs between levels,
/// how processes agree on theirs.
package io.weft.controlplane.state.level;
