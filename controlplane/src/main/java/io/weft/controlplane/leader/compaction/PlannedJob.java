package io.weft.controlplane.leader.compaction;

import io.weft.controlplane.api.file.Compactions.Run;
import java.util.List;

/// Files to be merged, and what of them is live.
///
/// @param files its inputs
/// @param isSlice whether it merges some partitions of its inputs only, and other jobs may merge
///   others
/// @param bytes of the extents
/// @param runs by partition, then by offset
record PlannedJob(long id, List<Long> files, boolean isSlice, long bytes, List<Run> runs) {}
