/// What a leader has cleaned: which partitions of compacted topics, and by which agent.
///
/// `CleaningPlanner.look → CleaningWalk (a slice of the partitions at each look) → DirtyPartition
/// (how dirty it is, and up to where it can be cleaned) → next`
///
/// Invariants: what was cleaned is told by its extents, which have offsets of their own, so nothing
/// is remembered of it elsewhere; a partition is in one job at a time; nothing is cleaned at or
/// above the last stable offset, nor what is younger than its topic or its readers want; where
/// nothing new comes, planning ends; all of this is memory of one leader, and nothing relies on it:
/// a swap checks its inputs itself. Must not know: the journal, who runs a job.
package io.weft.controlplane.leader.cleaning;
