/// The questions about the merging of files.
///
/// `Compactions → CompactionDesk → (CompactionPlanning | FileLeases.isHeld, PartitionLogs.replace →
/// ExtentsReplaced)`
///
/// Invariants: a swap is decided by the state alone, whatever became of its plan; what comes has as
/// many bytes as what goes. It holds no state itself: what is to be merged is for the leader to
/// know. Must not know: how a job is chosen.
package io.weft.controlplane.state.compaction;
