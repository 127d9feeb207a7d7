package io.weft.simulation.broken.file;

import io.weft.controlplane.leader.LeaderSettings.Timing;
import io.weft.simulation.cluster.Build;

/// Files are deleted as soon as no log needs them, though agents may be about to read them: after
/// the shortest grace that a leader takes.
public final class NoGrace implements Build {
  @Override
  public long fileDeleteGraceMs(long real) {
    return Timing.FILE_DELETE_GRACE_MS_MIN;
  }
}
