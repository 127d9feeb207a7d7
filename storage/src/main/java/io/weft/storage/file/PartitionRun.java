package io.weft.storage.file;

import io.weft.model.PartitionId;
import java.util.List;

/// All the batches of one partition in one file, in the order they came. Never empty.
public record PartitionRun(PartitionId partition, List<StoredBatch> batches) {
  public PartitionRun {
    if (batches.isEmpty()) {
      throw new IllegalArgumentException("a run without batches");
    }
  }
}
