package io.weft.agent.produce;

import io.weft.controlplane.api.UploadedBatches;
import io.weft.model.PartitionId;
import io.weft.protocol.record.VerifiedBatch;
import io.weft.storage.file.PartitionRun;
import io.weft.storage.file.StoredBatch;
import java.util.ArrayList;
import java.util.List;

/// One partition's batches in a file, in the order they came. Grows while its file is active, under
/// the intake's lock; never changes after that.
final class GatheredRun {
  private final PartitionId partition;
  private final List<ProduceAppend.Batch> batches = new ArrayList<>(2);

  GatheredRun(PartitionId partition) {
    this.partition = partition;
  }

  PartitionId partition() {
    return partition;
  }

  int count() {
    return batches.size();
  }

  /// @return the batch's row
  int add(ProduceAppend.Batch batch) {
    batches.add(batch);
    return batches.size() - 1;
  }

  PartitionRun toPartitionRun() {
    List<StoredBatch> stored = new ArrayList<>(batches.size());
    for (ProduceAppend.Batch each : batches) {
      VerifiedBatch batch = each.batch();
      stored.add(
          new StoredBatch(
              batch.bytes(), batch.records(), batch.firstTimestampMs(), batch.maxTimestampMs()));
    }
    return new PartitionRun(partition, stored);
  }

  UploadedBatches toUploadedBatches() {
    int rows = batches.size();
    int[] lengths = new int[rows];
    int[] records = new int[rows];
    long[] maxTimestampsMs = new long[rows];
    long[] producerIds = new long[rows];
    short[] producerEpochs = new short[rows];
    int[] baseSequences = new int[rows];
    byte[] transactions = new byte[rows];
    long[] transactionalIds = {};
    int[] checksums = new int[rows];
    for (int row = 0; row < rows; row++) {
      VerifiedBatch batch = batches.get(row).batch();
      lengths[row] = batch.sizeInBytes();
      records[row] = batch.records();
      maxTimestampsMs[row] = batch.maxTimestampMs();
      producerIds[row] = batch.producerId();
      producerEpochs[row] = batch.producerEpoch();
      baseSequences[row] = batch.baseSequence();
      transactions[row] = transaction(batches.get(row));
      checksums[row] = batch.checksum();
      if (batch.transactional()) {
        transactionalIds = transactionalIds.length == 0 ? new long[rows] : transactionalIds;
        transactionalIds[row] = batches.get(row).transactionalId();
      }
    }
    return new UploadedBatches(
        partition,
        lengths,
        records,
        maxTimestampsMs,
        producerIds,
        producerEpochs,
        baseSequences,
        transactions,
        transactionalIds,
        checksums);
  }

  private static byte transaction(ProduceAppend.Batch batch) {
    if (!batch.batch().transactional()) {
      return UploadedBatches.NOT_TRANSACTIONAL;
    }
    return batch.addsItself() ? UploadedBatches.ADDS_ITSELF : UploadedBatches.ADDED_BEFORE;
  }
}
