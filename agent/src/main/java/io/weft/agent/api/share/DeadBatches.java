package io.weft.agent.api.share;

import io.weft.controlplane.api.ShareGroups.AcquiredRun;
import io.weft.model.AbortedRange;
import io.weft.protocol.record.StampedRecords;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;

/// The batches among some records that belong to aborted transactions. Immutable.
final class DeadBatches {
  /// In offset order.
  private final List<Range> ranges;

  private DeadBatches(List<Range> ranges) {
    this.ranges = ranges;
  }

  private record Range(long first, long last) {}

  /// @param aborted empty where uncommitted records may be read
  static DeadBatches in(StampedRecords records, List<AbortedRange> aborted) {
    List<Range> ranges = new ArrayList<>();
    if (!aborted.isEmpty()) {
      for (RecordBatch batch : MemoryRecords.readableRecords(records.copied()).batches()) {
        boolean dead =
            batch.isTransactional()
                && !batch.isControlBatch()
                && aborted.stream().anyMatch(each -> isOf(each, batch));
        if (dead) {
          ranges.add(new Range(batch.baseOffset(), batch.lastOffset()));
        }
      }
    }
    return new DeadBatches(ranges);
  }

  private static boolean isOf(AbortedRange aborted, RecordBatch batch) {
    return aborted.producerId() == batch.producerId()
        && aborted.firstOffset() <= batch.baseOffset()
        && aborted.markerOffset() > batch.lastOffset();
  }

  /// What of these runs lies in such batches.
  List<AcquiredRun> of(List<AcquiredRun> runs) {
    List<AcquiredRun> dead = new ArrayList<>();
    for (AcquiredRun run : runs) {
      for (Range range : ranges) {
        add(
            dead,
            run,
            Math.max(run.firstOffset(), range.first),
            Math.min(run.lastOffset(), range.last));
      }
    }
    return dead;
  }

  /// What does not.
  List<AcquiredRun> outside(List<AcquiredRun> runs) {
    List<AcquiredRun> alive = new ArrayList<>();
    for (AcquiredRun run : runs) {
      long at = run.firstOffset();
      for (Range range : ranges) {
        add(alive, run, at, Math.min(run.lastOffset(), range.first - 1));
        at = Math.max(at, range.last + 1);
      }
      add(alive, run, at, run.lastOffset());
    }
    return alive;
  }

  private static void add(List<AcquiredRun> runs, AcquiredRun of, long first, long last) {
    if (first <= last) {
      runs.add(new AcquiredRun(first, last, of.deliveries()));
    }
  }
}
