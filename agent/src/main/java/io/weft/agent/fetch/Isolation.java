package io.weft.agent.fetch;

import io.weft.controlplane.api.PartitionBounds;

/// How far a reader may see.
public enum Isolation {
  READ_UNCOMMITTED,
  READ_COMMITTED;

  /// The first offset that may not be read.
  public long end(PartitionBounds bounds) {
    return switch (this) {
      case READ_UNCOMMITTED -> bounds.highWatermark();
      case READ_COMMITTED -> bounds.lastStableOffset();
    };
  }
}
