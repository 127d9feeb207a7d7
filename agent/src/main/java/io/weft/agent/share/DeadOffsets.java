package io.weft.agent.share;

import io.weft.agent.fetch.Fetched;
import io.weft.controlplane.api.ShareGroups.AcquiredRun;
import io.weft.model.AbortedRange;
import io.weft.protocol.record.BatchHeader;
import io.weft.protocol.record.StampedRecords;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// The offsets among what was read of which no member sees a record: those of batches that belong
/// to aborted transactions, and those whose records were removed. Immutable.
final class DeadOffsets {
  /// In offset order.
  private final List<Range> ranges;

  private DeadOffsets(List<Range> ranges) {
    this.ranges = ranges;
  }

  private record Range(long first, long last) {}

  static DeadOffsets in(Fetched.Records fetched) {
    List<Range> ranges = aborted(fetched.records(), fetched.aborted());
    fetched.gaps().forEach(gap -> ranges.add(new Range(gap.first(), gap.last())));
    ranges.sort(Comparator.comparingLong(Range::first));
    return new DeadOffsets(ranges);
  }

  /// @param aborted empty where uncommitted records may be read
  private static List<Range> aborted(StampedRecords records, List<AbortedRange> aborted) {
    List<Range> ranges = new ArrayList<>();
    if (!aborted.isEmpty()) {
      ByteBuffer bytes = records.copied();
      for (int at = 0; at < bytes.limit(); at += (int) BatchHeader.sizeInBytes(bytes, at)) {
        short attributes = BatchHeader.attributes(bytes, at);
        boolean ofRecords =
            (attributes & BatchHeader.TRANSACTIONAL_BIT) != 0
                && (attributes & BatchHeader.CONTROL_BIT) == 0;
        long producerId = bytes.getLong(at + BatchHeader.PRODUCER_ID);
        long first = bytes.getLong(at + BatchHeader.BASE_OFFSET);
        Range range = new Range(first, first + BatchHeader.lastOffsetDelta(bytes, at));
        if (ofRecords && aborted.stream().anyMatch(each -> isOf(each, producerId, range))) {
          ranges.add(range);
        }
      }
    }
    return ranges;
  }

  private static boolean isOf(AbortedRange aborted, long producerId, Range range) {
    return aborted.producerId() == producerId
        && aborted.firstOffset() <= range.first
        && aborted.markerOffset() > range.last;
  }

  /// What of these runs has such offsets.
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
