package io.weft.controlplane.state.groups;

import io.weft.controlplane.codec.shape.Kind;
import io.weft.controlplane.state.part.StateRecord;
import io.weft.model.OpaqueBytes;

/// A record of Kafka's group coordinator.
public sealed interface GroupRecord extends StateRecord {
  /// Its key has this value now, or will have it when the producer's transaction commits.
  ///
  /// @param producerId of the transaction; -1 for none
  @Kind(40)
  record GroupRowPut(OpaqueBytes key, OpaqueBytes value, long producerId, short producerEpoch)
      implements GroupRecord {}

  /// A tombstone.
  @Kind(41)
  record GroupRowDropped(OpaqueBytes key) implements GroupRecord {}
}
