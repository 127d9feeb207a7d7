package io.weft.controlplane.state;

import io.weft.controlplane.api.UploadedBatches;
import io.weft.controlplane.api.transaction.Fingerprint;
import io.weft.model.PartitionId;
import java.util.ArrayList;
import java.util.List;

/// Builds a run batch by batch. Owned by one thread.
public final class RunBuilder {
  private record Row(
      int length,
      int records,
      long maxTimestampMs,
      long producerId,
      short epoch,
      int sequence,
      byte transaction,
      long transactionalId) {}

  /// What transactional batches are sent under unless it is said otherwise.
  public static final String TRANSACTIONAL_ID = "pay";

  private final PartitionId partition;
  private final List<Row> rows = new ArrayList<>();
  private long transactionalId = Fingerprint.of(TRANSACTIONAL_ID);

  private RunBuilder(PartitionId partition) {
    this.partition = partition;
  }

  public static RunBuilder run(PartitionId partition) {
    return new RunBuilder(partition);
  }

  /// The transactional batches after this are sent under this id.
  public RunBuilder under(String id) {
    transactionalId = Fingerprint.of(id);
    return this;
  }

  public RunBuilder batch(int records) {
    return timed(100, records, 1_000);
  }

  public RunBuilder timed(int length, int records, long maxTimestampMs) {
    rows.add(
        new Row(
            length,
            records,
            maxTimestampMs,
            -1,
            (short) -1,
            -1,
            UploadedBatches.NOT_TRANSACTIONAL,
            Fingerprint.NONE));
    return this;
  }

  public RunBuilder idempotent(long producerId, int epoch, int sequence, int records) {
    return row(producerId, epoch, sequence, records, UploadedBatches.NOT_TRANSACTIONAL);
  }

  /// Its partition must have been added before.
  public RunBuilder added(long producerId, int epoch, int sequence, int records) {
    return row(producerId, epoch, sequence, records, UploadedBatches.ADDED_BEFORE);
  }

  /// It adds its partition itself.
  public RunBuilder transactional(long producerId, int epoch, int sequence, int records) {
    return row(producerId, epoch, sequence, records, UploadedBatches.ADDS_ITSELF);
  }

  public UploadedBatches build() {
    int count = rows.size();
    int[] lengths = new int[count];
    int[] records = new int[count];
    long[] maxTimestampsMs = new long[count];
    long[] producerIds = new long[count];
    short[] epochs = new short[count];
    int[] sequences = new int[count];
    byte[] transactions = new byte[count];
    long[] transactionalIds = new long[count];
    for (int i = 0; i < count; i++) {
      Row row = rows.get(i);
      lengths[i] = row.length;
      records[i] = row.records;
      maxTimestampsMs[i] = row.maxTimestampMs;
      producerIds[i] = row.producerId;
      epochs[i] = row.epoch;
      sequences[i] = row.sequence;
      transactions[i] = row.transaction;
      transactionalIds[i] = row.transactionalId;
    }
    return new UploadedBatches(
        partition,
        lengths,
        records,
        maxTimestampsMs,
        producerIds,
        epochs,
        sequences,
        transactions,
        transactionalIds);
  }

  private RunBuilder row(long producerId, int epoch, int sequence, int records, byte transaction) {
    long id = transaction == UploadedBatches.NOT_TRANSACTIONAL ? Fingerprint.NONE : transactionalId;
    rows.add(new Row(100, records, 1_000, producerId, (short) epoch, sequence, transaction, id));
    return this;
  }
}
