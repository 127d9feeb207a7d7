package io.weft.controlplane.state.log;

import io.weft.controlplane.codec.shape.Kind;
import io.weft.controlplane.state.part.StateRecord;
import io.weft.model.PartitionId;

/// A change of the logs that no file brings.
public sealed interface LogRecord extends StateRecord {
  /// Producers that placed nothing since then are forgotten, in every partition.
  @Kind(12)
  record ProducersExpired(long unusedSinceMs, long timeMs)
      implements LogRecord, StateRecord.Timed {}

  /// A partition begins here now; what lies before is deleted.
  @Kind(60)
  record LogStartMoved(PartitionId partition, long logStartOffset) implements LogRecord {}
}
