package io.weft.controlplane.state.log;

import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.ExtentIndex;
import io.weft.controlplane.api.ExtentIndex.ExtentQuery;
import io.weft.controlplane.api.ExtentIndex.ExtentsFound;
import io.weft.controlplane.api.ExtentIndex.TimeQuery;
import io.weft.controlplane.api.PartitionBounds;
import io.weft.controlplane.state.part.StatePart;
import io.weft.controlplane.state.partition.PartitionLog;
import io.weft.model.AbortedRange;
import io.weft.model.PartitionId;
import io.weft.model.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The fetch path's questions to the logs; they change nothing. Owned by one thread.
public final class Lookups implements StatePart, ExtentIndex {
  /// Spans and aborted ranges of one reply in all; when they are used up, each query gets one span
  /// more.
  static final int SPANS_PER_REPLY_MAX = 100_000;

  /// Spans that an answer by time has.
  static final int SPANS_BY_TIME = 16;

  private final PartitionLogs logs;

  public Lookups(PartitionLogs logs) {
    this.logs = logs;
  }

  @Override
  public List<ExtentsFound> find(List<ExtentQuery> queries) {
    checkCount(queries.size());
    List<ExtentsFound> answers = new ArrayList<>(queries.size());
    int left = SPANS_PER_REPLY_MAX;
    for (ExtentQuery query : queries) {
      ExtentsFound answer = find(query, Math.max(1, left));
      if (answer instanceof ExtentsFound.Found found) {
        left -= found.spans().size() + found.aborted().size();
      }
      answers.add(answer);
    }
    return answers;
  }

  @Override
  public List<ExtentsFound> findByTime(List<TimeQuery> queries) {
    checkCount(queries.size());
    List<ExtentsFound> answers = new ArrayList<>(queries.size());
    for (TimeQuery query : queries) {
      answers.add(findByTime(query));
    }
    return answers;
  }

  @Override
  public List<Long> sizes(List<PartitionId> partitions) {
    checkCount(partitions.size());
    List<Long> sizes = new ArrayList<>(partitions.size());
    for (PartitionId partition : partitions) {
      sizes.add(logs.find(partition).map(PartitionLog::bytes).orElse(-1L));
    }
    return sizes;
  }

  private ExtentsFound find(ExtentQuery query, int spansMax) {
    Optional<PartitionLog> found = logs.find(query.partition());
    if (found.isEmpty()) {
      return new ExtentsFound.UnknownPartition();
    }
    PartitionLog log = found.get();
    PartitionBounds bounds = log.bounds();
    if (query.offset() < bounds.logStartOffset() || query.offset() > bounds.highWatermark()) {
      return new ExtentsFound.OutOfRange(bounds);
    }
    int count = Math.min(spansMax, ExtentIndex.SPANS_PER_ANSWER_MAX);
    List<Span> spans = log.from(query.offset(), query.bytesMax(), count);
    List<AbortedRange> aborted =
        spans.isEmpty()
            ? List.of()
            : log.abortedAmong(query.offset(), spans.getLast().lastOffset() + 1);
    return new ExtentsFound.Found(bounds, spans, aborted);
  }

  private ExtentsFound findByTime(TimeQuery query) {
    Optional<PartitionLog> found = logs.find(query.partition());
    if (found.isEmpty()) {
      return new ExtentsFound.UnknownPartition();
    }
    PartitionLog log = found.get();
    List<Span> spans =
        query.timestampMs() == TimeQuery.MAX_TIMESTAMP
            ? log.withLargestTime()
            : log.fromTime(query.timestampMs(), SPANS_BY_TIME);
    return new ExtentsFound.Found(log.bounds(), spans, List.of());
  }

  private static void checkCount(int queries) {
    if (queries > ExtentIndex.QUERIES_MAX) {
      throw new ControlPlaneException.Rejected(
          "%d queries in one call; %d are possible".formatted(queries, ExtentIndex.QUERIES_MAX));
    }
  }
}
