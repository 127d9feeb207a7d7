/// The questions about the merging of files, and about the cleaning of compacted topics.
///
/// `Compactions → CompactionDesk → (CompactionPlanning | FileLeases.isHeld, PartitionLogs.replace →
/// ExtentsReplaced)`
///
/// `Cleanings → CleaningDesk → (CleaningPlanning | FileLeases.isHeld, PartitionLogs.replace →
/// ExtentsReplaced)`
///
/// Invariants: a swap is decided by the state alone, whatever became of its plan; what merging
/// brings has as many bytes as what goes, and removes nothing; only a compacted topic loses
/// records, and the job states what. It holds no state itself: what is to be merged is for the
/// leader to know. Must not know: how a job is chosen.
package io.weft.controlplane.state.compaction;
