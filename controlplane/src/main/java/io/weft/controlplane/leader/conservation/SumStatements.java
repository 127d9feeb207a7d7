package io.weft.controlplane.leader.conservation;

import io.weft.controlplane.state.ControlPlaneState;

/// When a leader puts the sums of all logs into the journal. Owned by the leader thread.
public final class SumStatements {
  /// Entries with records from one that states them to the next.
  public static final int EVERY_ENTRIES = 100;

  private int entries;

  /// An entry with records is about to be written. Every so many of them, one more record is made,
  /// in the step that the state is in: what the logs have behind all others.
  ///
  /// @return whether it was
  public boolean next(ControlPlaneState state) {
    entries++;
    if (entries < EVERY_ENTRIES) {
      return false;
    }
    entries = 0;
    state.logs().stateSums();
    return true;
  }
}
