package io.weft.controlplane.state;

import io.weft.controlplane.api.UploadedBatches;
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
      boolean transactional) {}

  private final PartitionId partition;
  private final List<Row> rows = new ArrayList<>();

  private RunBuilder(PartitionId partition) {
    this.partition = partition;
  }

  public static RunBuilder run(PartitionId partition) {
    return new RunBuilder(partition);
  }

  public RunBuilder batch(int records) {
    return timed(100, records, 1_000);
  }

  public RunBuilder timed(int length, int records, long maxTimestampMs) {
    rows.add(new Row(length, records, maxTimestampMs, -1, (short) -1, -1, false));
    return this;
  }

  public RunBuilder idempotent(long producerId, int epoch, int sequence, int records) {
    rows.add(new Row(100, records, 1_000, producerId, (short) epoch, sequence, false));
    return this;
  }

  public RunBuilder transactional(long producerId, int epoch, int sequence, int records) {
    rows.add(new Row(100, records, 1_000, producerId, (short) epoch, sequence, true));
    return this;
  }

  public UploadedBatches build() {
    int count = rows.size();
    int[] lengths = new int[count];
    int[] records = new int[count];
    long[] maxTimestampsMs = new long[count];
    long[] producerIds = new long[count];
    short[] epochs = new short[count];
    int[] sequences = new int[count];
    boolean[] transactional = new boolean[count];
    for (int i = 0; i < count; i++) {
      Row row = rows.get(i);
      lengths[i] = row.length;
      records[i] = row.records;
      maxTimestampsMs[i] = row.maxTimestampMs;
      producerIds[i] = row.producerId;
      epochs[i] = row.epoch;
      sequences[i] = row.sequence;
      transactional[i] = row.transactional;
    }
    return new UploadedBatches(
        partition,
        lengths,
        records,
        maxTimestampsMs,
        producerIds,
        epochs,
        sequences,
        transactional);
  }
}
