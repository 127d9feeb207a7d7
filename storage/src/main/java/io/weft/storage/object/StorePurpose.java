package io.weft.storage.object;

/// What a store is asked for: a label of what is counted, and a row of the bill.
public enum StorePurpose {
  /// Files of what producers send.
  INGEST,

  /// Reads for consumers at the end of a log or near it.
  LIVE_READ,

  /// Reads for consumers far behind, ahead of them, and searches by time.
  HISTORY,

  /// Reading, writing and checking files that take the place of others.
  COMPACTION,

  /// Deleting what no log and no reader needs any more, and looking for it.
  CLEAN_UP,

  /// Entries of the control plane's journal.
  JOURNAL,

  /// Snapshots of the control plane's state.
  SNAPSHOTS,

  /// Whether a store answers, keeps its promises and belongs to the cluster.
  PROBE,

  /// What no user of the store has named.
  OTHER
}
