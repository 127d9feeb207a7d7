package io.weft.controlplane.api;

import io.weft.model.PartitionId;

/// One partition's batches in an uploaded file, by columns of equal length: row `i` is the i-th
/// batch as it lies in the file. The arrays are the record's own: nobody writes to them after it is
/// made.
///
/// @param lengths bytes of the batch
/// @param records offsets it takes
/// @param maxTimestampsMs largest record timestamp, or -1
/// @param producerIds -1 for a producer that is not idempotent
/// @param producerEpochs -1 likewise
/// @param baseSequences -1 likewise
/// @param transactional whether the batch is part of a transaction
public record UploadedBatches(
    PartitionId partition,
    int[] lengths,
    int[] records,
    long[] maxTimestampsMs,
    long[] producerIds,
    short[] producerEpochs,
    int[] baseSequences,
    boolean[] transactional) {
  public UploadedBatches {
    int rows = lengths.length;
    if (rows == 0
        || records.length != rows
        || maxTimestampsMs.length != rows
        || producerIds.length != rows
        || producerEpochs.length != rows
        || baseSequences.length != rows
        || transactional.length != rows) {
      throw new IllegalArgumentException("columns of no or unequal length");
    }
    for (int i = 0; i < rows; i++) {
      if (lengths[i] <= 0 || records[i] <= 0) {
        throw new IllegalArgumentException("an empty batch");
      }
    }
  }

  public int count() {
    return lengths.length;
  }
}
