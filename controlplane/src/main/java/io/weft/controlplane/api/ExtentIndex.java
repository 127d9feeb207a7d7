package io.weft.controlplane.api;

import io.weft.controlplane.api.question.OneEach;
import io.weft.controlplane.api.question.Question;
import io.weft.controlplane.codec.shape.AtMost;
import io.weft.controlplane.codec.shape.Kind;
import io.weft.model.AbortedRange;
import io.weft.model.PartitionId;
import io.weft.model.Span;
import java.util.List;

/// What the fetch path may ask: where a partition's records lie. Read only.
public interface ExtentIndex {
  /// The most partitions one call may name.
  int QUERIES_MAX = 10_000;

  /// The most extents and markers one query is answered with.
  int SPANS_PER_ANSWER_MAX = 1_000;

  /// The most aborted transactions one query is answered with: as many as may be open at once in a
  /// partition, and one per marker among those found.
  int ABORTED_PER_ANSWER_MAX = 200_000;

  /// Finds the extents that hold the records from an offset on, and the markers among them.
  ///
  /// @return one answer per query, in order, all from one version of the metadata
  @Question(kind = 4, name = "FindExtents")
  @AtMost(QUERIES_MAX)
  List<ExtentsFound> find(@OneEach @AtMost(QUERIES_MAX) List<ExtentQuery> queries);

  /// Finds, per partition, the earliest extent or marker whose largest timestamp is at least the
  /// one asked for.
  ///
  /// @return one answer per query, in order; `spans` holds it and the (at most 15) next ones
  ///   (compression may have hidden an order inside), or is empty if there is no such extent or
  ///   marker; for the largest timestamp it holds that one only, and if part of it lies before the
  ///   log's start, also the first with the largest timestamp of the others. Nothing is said of
  ///   aborted transactions
  @Question(kind = 5, name = "FindExtentsByTime")
  @AtMost(QUERIES_MAX)
  List<ExtentsFound> findByTime(@OneEach @AtMost(QUERIES_MAX) List<TimeQuery> queries);

  /// Bytes of each partition's live extents, in order; -1 for a partition that is not there.
  @Question(kind = 6, name = "PartitionSizes")
  @AtMost(QUERIES_MAX)
  List<Long> sizes(@OneEach @AtMost(QUERIES_MAX) List<PartitionId> partitions);

  /// @param bytesMax stop once the extents found have this many bytes (at least one is given)
  record ExtentQuery(PartitionId partition, long offset, int bytesMax) {}

  /// @param timestampMs a time, or [#MAX_TIMESTAMP]: the extent of the largest timestamp of all
  record TimeQuery(PartitionId partition, long timestampMs) {
    public static final long MAX_TIMESTAMP = -3;
  }

  sealed interface ExtentsFound {
    /// @param spans in offset order, without a hole; empty at the high watermark
    /// @param aborted the transactions, by where they ended, of which records may lie among the
    ///   spans from the offset asked for on, though their markers may lie behind these
    @Kind(0)
    record Found(
        PartitionBounds bounds,
        @AtMost(SPANS_PER_ANSWER_MAX) List<Span> spans,
        @AtMost(ABORTED_PER_ANSWER_MAX) List<AbortedRange> aborted)
        implements ExtentsFound {}

    /// The offset asked for is below the log start or above the high watermark.
    @Kind(1)
    record OutOfRange(PartitionBounds bounds) implements ExtentsFound {}

    @Kind(2)
    record UnknownPartition() implements ExtentsFound {}
  }
}
