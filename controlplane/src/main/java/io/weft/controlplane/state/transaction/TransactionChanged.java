package io.weft.controlplane.state.transaction;

import io.weft.controlplane.codec.shape.Kind;
import io.weft.controlplane.state.part.StateRecord;

/// A transaction, or a transactional id, changed. If it ended, its partitions have their markers
/// and its groups their offsets with it.
@Kind(50)
public record TransactionChanged(TransactionChange change) implements StateRecord.Timed {
  @Override
  public long timeMs() {
    return change.timeMs();
  }
}
