package io.weft.controlplane.api;

import io.weft.model.PartitionId;
import java.util.Arrays;

/// Runs of batches as an agent would name them in a commit; each batch has 100 bytes.
public final class UploadedRuns {
  public static final int BATCH_BYTES = 100;

  private UploadedRuns() {}

  /// Batches of a producer that is not idempotent.
  ///
  /// @param records of each batch
  public static UploadedBatches plain(PartitionId partition, int... records) {
    int rows = records.length;
    return new UploadedBatches(
        partition,
        filled(rows, BATCH_BYTES),
        records,
        filled(rows, -1L),
        filled(rows, -1L),
        filled(rows, (short) -1),
        filled(rows, -1),
        new byte[rows]);
  }

  /// One batch of an idempotent producer in its epoch 0.
  public static UploadedBatches sequenced(
      PartitionId partition, long producer, int sequence, int records) {
    return new UploadedBatches(
        partition,
        new int[] {BATCH_BYTES},
        new int[] {records},
        new long[] {-1},
        new long[] {producer},
        new short[] {0},
        new int[] {sequence},
        new byte[] {0});
  }

  /// One batch of one record with a timestamp.
  public static UploadedBatches timed(PartitionId partition, long timestampMs) {
    return new UploadedBatches(
        partition,
        new int[] {BATCH_BYTES},
        new int[] {1},
        new long[] {timestampMs},
        new long[] {-1},
        new short[] {-1},
        new int[] {-1},
        new byte[] {0});
  }

  private static int[] filled(int rows, int value) {
    int[] column = new int[rows];
    Arrays.fill(column, value);
    return column;
  }

  private static long[] filled(int rows, long value) {
    long[] column = new long[rows];
    Arrays.fill(column, value);
    return column;
  }

  private static short[] filled(int rows, short value) {
    short[] column = new short[rows];
    Arrays.fill(column, value);
    return column;
  }
}
