package io.weft.agent.fetch;

import io.weft.agent.cache.Chunks;
import io.weft.agent.cache.CorruptObjectException;
import io.weft.agent.cache.ReadPurpose;
import io.weft.agent.cache.VerifiedBatches;
import io.weft.agent.fetch.work.SideBySide;
import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.ExtentIndex;
import io.weft.controlplane.api.ExtentIndex.ExtentQuery;
import io.weft.controlplane.api.ExtentIndex.ExtentsFound;
import io.weft.controlplane.api.ExtentIndex.TimeQuery;
import io.weft.controlplane.api.PartitionBounds;
import io.weft.environment.Environment;
import io.weft.model.Extent;
import io.weft.model.Marker;
import io.weft.model.PartitionId;
import io.weft.model.Span;
import io.weft.protocol.record.BatchView;
import io.weft.protocol.record.CorruptBatchException;
import io.weft.protocol.record.TimedOffset;
import io.weft.storage.object.ObjectStoreException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Finds offsets: a partition's bounds, or a record by its time. Always asks the control plane,
/// since a consumer begins where it is told (an old answer skips or repeats). Thread-safe.
public final class OffsetSearch {
  private static final Logger LOG = LoggerFactory.getLogger(OffsetSearch.class);

  /// No partition ever gets here: a query that only wants the bounds.
  private static final long BEYOND_ALL = Long.MAX_VALUE;

  private static final int READ_BYTES = 1024 * 1024;

  private final ExtentIndex extents;
  private final VerifiedBatches batches;
  private final SideBySide searches;

  public OffsetSearch(
      ExtentIndex extents, Chunks chunks, Environment environment, FetchSettings settings) {
    this.extents = extents;
    this.batches = new VerifiedBatches(chunks);
    this.searches = new SideBySide(environment, settings.loadsPerAnswerMax());
  }

  /// What is known of one partition.
  public sealed interface Found {
    record Bounds(PartitionBounds bounds) implements Found {}

    /// The record that was looked for.
    record Located(PartitionBounds bounds, TimedOffset record) implements Found {}

    /// There is no such record.
    record NoRecord(PartitionBounds bounds) implements Found {}

    record UnknownPartition() implements Found {}

    /// It may be there, but cannot be read now.
    record Unreadable() implements Found {}

    /// The control plane cannot be asked.
    record Unplaced() implements Found {}
  }

  /// @return one per partition, in order: `Bounds`, `UnknownPartition` or `Unplaced`
  public List<Found> bounds(List<PartitionId> partitions) {
    List<Found> found = new ArrayList<>(partitions.size());
    for (List<PartitionId> some : pages(partitions)) {
      try {
        extents.find(some.stream().map(id -> new ExtentQuery(id, BEYOND_ALL, 1)).toList()).stream()
            .map(OffsetSearch::boundsOf)
            .forEach(found::add);
      } catch (ControlPlaneException failure) {
        LOG.warn("The control plane could not be asked for bounds: {}", failure.getMessage());
        found.addAll(Collections.nCopies(some.size(), new Found.Unplaced()));
      }
    }
    return found;
  }

  /// Finds, per partition, the first record whose time is that of the query or later, or the record
  /// with the latest time ([TimeQuery#MAX_TIMESTAMP]).
  ///
  /// @return one per query, in order
  public List<Found> byTime(List<TimeQuery> queries) throws InterruptedException {
    List<Found> found = new ArrayList<>(queries.size());
    for (List<TimeQuery> some : pages(queries)) {
      try {
        List<ExtentsFound> located = extents.findByTime(some);
        Found[] results = new Found[some.size()];
        List<Runnable> tasks =
            IntStream.range(0, some.size())
                .<Runnable>mapToObj(
                    i -> () -> results[i] = search(some.get(i), located.get(i), false))
                .toList();
        searches.run("offset-search", tasks);
        found.addAll(List.of(results));
      } catch (ControlPlaneException failure) {
        LOG.warn("The control plane could not be asked by time: {}", failure.getMessage());
        found.addAll(Collections.nCopies(some.size(), new Found.Unplaced()));
      }
    }
    return found;
  }

  private static Found boundsOf(ExtentsFound answer) {
    return switch (answer) {
      case ExtentsFound.Found found -> new Found.Bounds(found.bounds());
      case ExtentsFound.OutOfRange(PartitionBounds bounds) -> new Found.Bounds(bounds);
      case ExtentsFound.UnknownPartition unknown -> new Found.UnknownPartition();
    };
  }

  private Found search(TimeQuery query, ExtentsFound located, boolean again) {
    return switch (located) {
      case ExtentsFound.UnknownPartition unknown -> new Found.UnknownPartition();
      case ExtentsFound.OutOfRange(PartitionBounds bounds) -> new Found.NoRecord(bounds);
      case ExtentsFound.Found found -> {
        try {
          yield record(query, found.bounds(), found.spans())
              .<Found>map(record -> new Found.Located(found.bounds(), record))
              .orElseGet(() -> new Found.NoRecord(found.bounds()));
        } catch (ObjectStoreException.NotFound gone) {
          yield again ? unreadable(query, gone) : searchAgain(query);
        } catch (ObjectStoreException | CorruptObjectException | CorruptBatchException failure) {
          yield unreadable(query, failure);
        }
      }
    };
  }

  /// The place was old: its file is gone. What the control plane says now, once.
  private Found searchAgain(TimeQuery query) {
    try {
      return search(query, extents.findByTime(List.of(query)).getFirst(), true);
    } catch (ControlPlaneException failure) {
      return new Found.Unplaced();
    }
  }

  private static Found unreadable(TimeQuery query, RuntimeException failure) {
    LOG.warn("{} cannot be answered: {}", query, failure.getMessage());
    return new Found.Unreadable();
  }

  private Optional<TimedOffset> record(
      TimeQuery query, PartitionBounds bounds, List<Span> candidates) {
    if (candidates.isEmpty()) {
      return Optional.empty();
    }
    if (query.timestampMs() == TimeQuery.MAX_TIMESTAMP) {
      return latest(query.partition(), candidates, bounds.logStartOffset());
    }
    for (Span span : candidates) {
      Optional<TimedOffset> record =
          firstSince(query.partition(), span, query.timestampMs(), bounds.logStartOffset());
      if (record.isPresent()) {
        return record;
      }
    }
    return Optional.empty();
  }

  /// As in Kafka, a marker is a record with a time as any other.
  private Optional<TimedOffset> firstSince(
      PartitionId partition, Span span, long timestampMs, long offsetMin) {
    return switch (span) {
      case Extent extent -> firstSinceIn(partition, extent, timestampMs, offsetMin);
      case Marker marker ->
          marker.timeMs() >= timestampMs && marker.offset() >= offsetMin
              ? Optional.of(new TimedOffset(marker.offset(), marker.timeMs()))
              : Optional.empty();
    };
  }

  private Optional<TimedOffset> firstSinceIn(
      PartitionId partition, Extent extent, long timestampMs, long offsetMin) {
    if (extent.logAppendTimeMs() >= 0) {
      return extent.logAppendTimeMs() >= timestampMs && extent.lastOffset() >= offsetMin
          ? timedByLog(partition, extent, offsetMin)
          : Optional.empty();
    }
    return firstOf(
        partition,
        extent,
        (batch, offset) -> TimedOffset.firstSince(batch, offset, timestampMs, offsetMin));
  }

  /// The latest of all, of equals the first.
  private Optional<TimedOffset> latest(
      PartitionId partition, List<Span> candidates, long offsetMin) {
    Optional<TimedOffset> latest = Optional.empty();
    for (Span span : candidates) {
      Optional<TimedOffset> next = latest(partition, span, offsetMin);
      if (latest.isEmpty()
          || (next.isPresent() && next.get().timestampMs() > latest.get().timestampMs())) {
        latest = next;
      }
    }
    return latest;
  }

  private Optional<TimedOffset> latest(PartitionId partition, Span span, long offsetMin) {
    return switch (span) {
      case Extent extent -> latestIn(partition, extent, offsetMin);
      case Marker marker -> firstSince(partition, marker, marker.timeMs(), offsetMin);
    };
  }

  /// The first record with the extent's largest time.
  private Optional<TimedOffset> latestIn(PartitionId partition, Extent extent, long offsetMin) {
    if (extent.logAppendTimeMs() >= 0) {
      return timedByLog(partition, extent, offsetMin);
    }
    long[] latestMs = {Long.MIN_VALUE};
    firstOf(
        partition,
        extent,
        (batch, offset) -> {
          if (offset + batch.offsets() > offsetMin) {
            latestMs[0] = Math.max(latestMs[0], batch.maxTimestampMs());
          }
          return Optional.empty();
        });
    return firstSinceIn(partition, extent, latestMs[0], offsetMin);
  }

  /// All records of such an extent have the same time.
  private Optional<TimedOffset> timedByLog(PartitionId partition, Extent extent, long offsetMin) {
    Optional<Long> first =
        extent.hasOwnOffsets()
            ? firstOf(partition, extent, (batch, offset) -> first(batch, offset, offsetMin))
                .map(TimedOffset::offset)
            : Optional.of(Math.max(extent.baseOffset(), offsetMin));
    return first.map(offset -> new TimedOffset(offset, extent.logAppendTimeMs()));
  }

  /// The first record that is still there.
  private static Optional<TimedOffset> first(BatchView batch, long baseOffset, long offsetMin) {
    return baseOffset + batch.offsets() <= offsetMin
        ? Optional.empty()
        : TimedOffset.firstSince(batch, baseOffset, Long.MIN_VALUE, offsetMin);
  }

  private interface Look {
    Optional<TimedOffset> at(BatchView batch, long baseOffset);
  }

  /// Looks at the extent's batches in order until one look finds something.
  private Optional<TimedOffset> firstOf(PartitionId partition, Extent extent, Look look) {
    int skip = 0;
    long offset = extent.baseOffset();
    while (skip < extent.length()) {
      List<BatchView> window =
          batches.read(partition, extent, skip, READ_BYTES, ReadPurpose.SEARCH);
      for (BatchView batch : window) {
        long base = PartitionReader.baseOffset(extent, batch, offset);
        Optional<TimedOffset> found = look.at(batch, base);
        if (found.isPresent()) {
          return found;
        }
        skip += batch.sizeInBytes();
        offset = base + batch.offsets();
      }
    }
    return Optional.empty();
  }

  private static <T> List<List<T>> pages(List<T> all) {
    return IntStream.iterate(0, i -> i < all.size(), i -> i + ExtentIndex.QUERIES_MAX)
        .mapToObj(i -> all.subList(i, Math.min(all.size(), i + ExtentIndex.QUERIES_MAX)))
        .toList();
  }
}
