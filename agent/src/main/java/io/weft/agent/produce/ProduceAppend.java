package io.weft.agent.produce;

import io.weft.agent.network.ByteBudget;
import io.weft.model.PartitionId;
import io.weft.protocol.record.VerifiedBatch;
import java.util.List;

/// The batches of one request: they go into one file, in this order.
///
/// @param share the request's share of the byte budget, held by the caller during the call; whoever
///   keeps the batches for longer retains it
public record ProduceAppend(List<Batch> batches, ByteBudget.Share share) {
  public ProduceAppend {
    if (batches.isEmpty()) {
      throw new IllegalArgumentException("an append without batches");
    }
  }

  /// A batch and where it wants to go.
  public record Batch(PartitionId partition, VerifiedBatch batch) {}

  long bytes() {
    long sum = 0;
    for (Batch batch : batches) {
      sum += batch.batch().sizeInBytes();
    }
    return sum;
  }
}
