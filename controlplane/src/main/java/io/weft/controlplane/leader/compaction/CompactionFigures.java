package io.weft.controlplane.leader.compaction;

/// What a leader has planned, of this term. Immutable.
///
/// @param jobsPlanned that agents may have, or have now
/// @param swapped jobs whose files took the place of others
/// @param refused jobs whose inputs were no longer what they were
/// @param lost jobs that came to no end in time
/// @param quarantined files that could not be read and are left alone now
/// @param spansPerPartitionMax of the partition with most, when all were last looked at
/// @param lowLatencyFiles files in the low-latency store
public record CompactionFigures(
    int jobsPlanned,
    long swapped,
    long refused,
    long lost,
    int quarantined,
    long spansPerPartitionMax,
    int lowLatencyFiles) {
  public static final CompactionFigures NONE = new CompactionFigures(0, 0, 0, 0, 0, 0, 0);
}
