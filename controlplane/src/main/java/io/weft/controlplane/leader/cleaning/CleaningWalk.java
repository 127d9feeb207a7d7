package io.weft.controlplane.leader.cleaning;

import io.weft.controlplane.api.topic.TopicSettings;
import io.weft.controlplane.state.log.PartitionLogs;
import io.weft.controlplane.state.partition.PartitionLog;
import io.weft.model.PartitionId;
import io.weft.model.Span;
import io.weft.model.TopicId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Goes through all partitions of compacted topics once, a slice at a time, and finds those that
/// are to be cleaned. Owned by the leader thread. The logs may change between two slices: a job
/// made of what is found is refused in the end, where it does not fit.
final class CleaningWalk {
  /// Spans that are taken from a log at once.
  private static final int SPANS_AT_ONCE = 1_000;

  private final PartitionLogs logs;
  private final DirtyPartition.Limits limits;
  private final List<TopicId> topics;
  private final List<DirtyPartition> due = new ArrayList<>();
  private final long dirtyBytesMin;
  private Optional<DirtyPartition> here = Optional.empty();
  private int topic;
  private int partition;
  private long offset;

  CleaningWalk(PartitionLogs logs, DirtyPartition.Limits limits, long dirtyBytesMin) {
    this.logs = logs;
    this.limits = limits;
    this.topics = logs.topics();
    this.dirtyBytesMin = dirtyBytesMin;
  }

  /// @param spansMax about how many spans and partitions to look at
  /// @return whether all have been looked at
  boolean step(int spansMax) {
    int looked = 0;
    while (topic < topics.size() && looked < spansMax) {
      looked += 1 + lookAtSome();
    }
    return topic == topics.size();
  }

  List<DirtyPartition> due() {
    return due;
  }

  private int lookAtSome() {
    PartitionId id = new PartitionId(topics.get(topic), partition);
    Optional<PartitionLog> log = logs.find(id);
    Optional<TopicSettings> settings = logs.settings(id.topic()).filter(TopicSettings::compacted);
    if (log.isEmpty() || settings.isEmpty()) {
      topic++;
      partition = 0;
      begin();
      return 0;
    }
    DirtyPartition found = here.orElseGet(() -> new DirtyPartition(id, settings.get(), limits));
    here = Optional.of(found);
    long lastStableOffset = log.get().bounds().lastStableOffset();
    List<Span> some =
        log.get()
            .from(Math.max(offset, log.get().logStartOffset()), Integer.MAX_VALUE, SPANS_AT_ONCE);
    for (Span span : some) {
      if (!found.add(span, lastStableOffset)) {
        end(found);
        return some.size();
      }
    }
    if (some.isEmpty()) {
      end(found);
    } else {
      offset = some.getLast().lastOffset() + 1;
    }
    return some.size();
  }

  private void end(DirtyPartition found) {
    if (found.isDue(dirtyBytesMin)) {
      due.add(found);
    }
    partition++;
    begin();
  }

  private void begin() {
    offset = 0;
    here = Optional.empty();
  }
}
