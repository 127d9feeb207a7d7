package io.weft.controlplane.state.file;

import io.weft.model.AgentId;

/// File ids an agent may still commit: `count` of them from `firstFileId` on.
///
/// @param lastIssuedMs when the last of them was given out
public record OutstandingLease(long firstFileId, int count, AgentId agent, long lastIssuedMs) {
  public OutstandingLease {
    if (firstFileId < 1 || count < 1) {
      throw new IllegalArgumentException("a lease of %d ids at %d".formatted(count, firstFileId));
    }
  }

  boolean holds(long fileId) {
    return fileId >= firstFileId && fileId - firstFileId < count;
  }
}
