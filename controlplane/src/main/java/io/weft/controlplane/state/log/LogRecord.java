package io.weft.controlplane.state.log;

import io.weft.controlplane.codec.shape.Fixed;
import io.weft.controlplane.codec.shape.Kind;
import io.weft.controlplane.codec.shape.Shaped;
import io.weft.controlplane.codec.span.ExtentsShape;
import io.weft.controlplane.state.part.StateRecord;
import io.weft.model.Extent;
import io.weft.model.PartitionId;
import java.util.List;

/// A change of the logs that no file brings.
public sealed interface LogRecord extends StateRecord {
  /// Producers that placed nothing since then are forgotten, in every partition.
  @Kind(12)
  record ProducersExpired(long unusedSinceMs, long timeMs)
      implements LogRecord, StateRecord.Timed {}

  /// A partition begins here now; what lies before is deleted.
  @Kind(60)
  record LogStartMoved(PartitionId partition, long logStartOffset) implements LogRecord {}

  /// Several partitions begin later now, each one of them once.
  @Kind(value = 112, since = 2)
  record LogStartsMoved(List<LogStart> starts) implements LogRecord {}

  record LogStart(PartitionId partition, long logStartOffset) {}

  /// Stored data lies elsewhere: runs of extents have others in their place, all at once. Offsets,
  /// bounds, markers and producers stay as they are.
  ///
  /// @param files that hold the extents that come, and no file did before
  /// @param runs by partition, then by offset
  @Kind(value = 61, since = 2)
  record ExtentsReplaced(List<NewFile> files, List<ReplacedRun> runs) implements LogRecord {}

  /// @param bytes of the whole file
  record NewFile(long fileId, long bytes) {}

  /// Extents of one partition that follow each other without a marker between them, and those that
  /// take their place. Both have the same offsets.
  ///
  /// @param before what is there, exactly
  /// @param sums of those that come (see [io.weft.model.BatchSums]); empty if they have none
  /// @param removed the sum of what was before and is not in them, less that of what is new in
  ///   them: 0 where all stays as it was
  record ReplacedRun(
      PartitionId partition,
      @Shaped(by = ExtentsShape.class) List<Extent> before,
      @Shaped(by = ExtentsShape.class) List<Extent> after,
      List<@Fixed Long> sums,
      @Fixed long removed) {
    /// Of extents without sums.
    public ReplacedRun(PartitionId partition, List<Extent> before, List<Extent> after) {
      this(partition, before, after, List.of(), 0);
    }
  }

  /// What the leader's logs hold behind the record before this one; it changes nothing. A state
  /// that has something else here is not to be used.
  ///
  /// @param produced the sum of all batches ever whose checksums were told
  /// @param deleted the sum of those among them that are gone
  /// @param live the sum of those that are there
  /// @param extents in all logs
  /// @param unsummed those of them without a sum
  @Kind(value = 62, since = 2)
  record SumsStated(
      @Fixed long produced, @Fixed long deleted, @Fixed long live, long extents, long unsummed)
      implements LogRecord {}
}
