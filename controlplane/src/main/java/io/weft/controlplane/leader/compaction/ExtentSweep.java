package io.weft.controlplane.leader.compaction;

import io.weft.controlplane.api.file.Compactions.Run;
import io.weft.controlplane.state.log.PartitionLogs;
import io.weft.controlplane.state.partition.PartitionLog;
import io.weft.model.Extent;
import io.weft.model.Marker;
import io.weft.model.PartitionId;
import io.weft.model.Span;
import io.weft.model.TopicId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntBiFunction;

/// Goes through all partitions once, a slice at a time, and finds which extents lie in which files.
/// Owned by the leader thread.
///
/// The logs may change between two slices. What is found may then be less than there is, or no
/// longer there; a job made of it is refused in the end.
final class ExtentSweep {
  /// Spans that are taken from a log at once.
  private static final int SPANS_AT_ONCE = 1_000;

  private final PartitionLogs logs;

  /// By file: what is found of it belongs together with that of the files of the same number.
  private final Map<Long, Integer> groups = new HashMap<>();

  private final List<List<Run>> runs = new ArrayList<>();
  private final List<TopicId> topics;
  private int topic;
  private int partition;
  private long offset;
  private long spansHere;
  private long spansMax;

  /// The run that may go on.
  private List<Extent> open = new ArrayList<>();

  private int openGroup;

  /// So many groups, the first ones, are taken whole.
  private final int whole;

  private final ToIntBiFunction<TopicId, PartitionLog> doomedSpans;

  /// Extents of this partition that end before this are not worth merging.
  private long doomedBelow;

  private final Set<Long> doomed = new HashSet<>();

  /// @param files no file twice
  /// @param whole of so many groups, the first ones, also what will go soon is found
  /// @param doomedSpans how many spans at the front of a log will go soon
  ExtentSweep(
      PartitionLogs logs,
      List<List<Long>> files,
      int whole,
      ToIntBiFunction<TopicId, PartitionLog> doomedSpans) {
    this.logs = logs;
    this.whole = whole;
    this.doomedSpans = doomedSpans;
    this.topics = logs.topics();
    for (List<Long> group : files) {
      group.forEach(fileId -> groups.put(fileId, runs.size()));
      runs.add(new ArrayList<>());
    }
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

  /// Spans of the partition that has most.
  long spansMax() {
    return spansMax;
  }

  /// Files that have extents which are not worth merging: they will go by themselves.
  Set<Long> doomed() {
    return doomed;
  }

  /// By group, in the order of partitions and offsets.
  List<List<Run>> runs() {
    return runs;
  }

  private int lookAtSome() {
    PartitionId here = new PartitionId(topics.get(topic), partition);
    Optional<PartitionLog> log = logs.find(here);
    if (log.isEmpty()) {
      topic++;
      partition = 0;
      begin(0);
      return 0;
    }
    if (spansHere == 0) {
      int spans = doomedSpans.applyAsInt(here.topic(), log.get());
      doomedBelow = spans == 0 ? 0 : log.get().span(spans - 1).lastOffset() + 1;
    }
    List<Span> some =
        log.get()
            .from(Math.max(offset, log.get().logStartOffset()), Integer.MAX_VALUE, SPANS_AT_ONCE);
    for (Span span : some) {
      look(here, span);
    }
    spansHere += some.size();
    spansMax = Math.max(spansMax, spansHere);
    if (some.isEmpty()) {
      close(here);
      partition++;
      begin(0);
    } else {
      offset = some.getLast().lastOffset() + 1;
    }
    return some.size();
  }

  private void begin(long from) {
    offset = from;
    spansHere = 0;
    open = new ArrayList<>();
  }

  private void look(PartitionId here, Span span) {
    switch (span) {
      case Marker _ -> close(here);
      case Extent extent -> {
        int group = groups.getOrDefault(extent.fileId(), -1);
        if (group >= whole && extent.lastOffset() < doomedBelow) {
          doomed.add(extent.fileId());
          group = -1;
        }
        boolean goesOn =
            !open.isEmpty()
                && group == openGroup
                && open.getLast().lastOffset() + 1 == extent.baseOffset();
        if (!goesOn) {
          close(here);
        }
        if (group >= 0) {
          open.add(extent);
          openGroup = group;
        }
      }
    }
  }

  private void close(PartitionId here) {
    if (!open.isEmpty()) {
      runs.get(openGroup).add(new Run(here, List.copyOf(open)));
      open = new ArrayList<>();
    }
  }
}
