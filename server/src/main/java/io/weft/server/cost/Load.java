package io.weft.server.cost;

/// A cluster and what it is to do: what a prediction is made from.
///
/// @param inBytes that producers send in a second, compressed as they are
/// @param readers groups of consumers, each of which reads everything at the end of the log
/// @param retentionSeconds how long records are kept
/// @param zones that agents, producers and consumers are in, alike in each
/// @param agents in all
/// @param crossZoneShare of what clients send and receive, how much crosses zones: 0 where clients
///   name theirs
/// @param tuning how the cluster is set
record Load(
    double inBytes,
    double readers,
    double retentionSeconds,
    int zones,
    int agents,
    double crossZoneShare,
    Tuning tuning) {

  /// @param flushIntervalMs as agents' `flush.interval.ms`
  /// @param fileBytes as agents' `flush.bytes`
  /// @param chunkBytes the most that an agent reads at a time of a file longer than one and a half
  ///   of it
  /// @param mergedBytes of batches in one merge; 0: nothing is merged
  /// @param journalPutMs how long the journal's store takes: the leader makes one entry at a time
  /// @param controlPlanes processes of the control plane: those that do not lead follow the journal
  record Tuning(
      long flushIntervalMs,
      long fileBytes,
      long chunkBytes,
      long mergedBytes,
      long journalPutMs,
      int controlPlanes) {
    /// As processes are set unless they are told otherwise.
    static final Tuning STANDARD = new Tuning(250, 8 << 20, 8 << 20, 64 << 20, 60, 2);
  }
}
