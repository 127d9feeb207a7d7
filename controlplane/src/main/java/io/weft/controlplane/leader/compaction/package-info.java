/// What a leader has merged: which files, and by which agent.
///
/// `CompactionPlanner.look → FileChoice.groups (small files of like size) → ExtentSweep (their
/// extents, a slice at each look) → PlannedJob → WaitingJobs → next → JobLeases`
///
/// `CompactionPlanner.look → CrowdedPartitions (those with too many extents) → ExtentChoice →
/// SliceUnderWay → PlannedJob → WaitingJobs → next`
///
/// `CompactionPlanner.look → TierMoves.groups (what has been in the low-latency store for too long)
/// → ExtentSweep → TierMoves.within → PlannedJob → next`
///
/// Invariants: no extent is in two jobs at once, and no file that is merged as a whole; each job
/// makes fewer files or fewer extents, or moves a file that is not moved again, so planning ends
/// where nothing new comes; one look takes bounded time; all of this is memory of one leader, and
/// nothing relies on it: a swap checks its inputs itself. Must not know: the journal, who runs a
/// job.
package io.weft.controlplane.leader.compaction;
