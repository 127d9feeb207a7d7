package io.weft.controlplane.state.share;

import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.PartitionBounds;
import io.weft.controlplane.api.ShareGroups;
import io.weft.controlplane.api.ShareGroups.AcknowledgeOrder;
import io.weft.controlplane.api.ShareGroups.AcknowledgeOutcome;
import io.weft.controlplane.api.ShareGroups.AcknowledgedPartition;
import io.weft.controlplane.api.ShareGroups.AcquireOrder;
import io.weft.controlplane.api.ShareGroups.Acquired;
import io.weft.controlplane.api.ShareGroups.AcquiredRun;
import io.weft.controlplane.api.ShareGroups.Acquisition;
import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.state.partition.PartitionLog;
import io.weft.controlplane.state.share.ShareChange.SettledRun;
import io.weft.model.Invariant;
import io.weft.model.PartitionId;
import io.weft.model.Span;
import io.weft.model.TopicId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/// All share-partitions. Owned by one thread.
///
/// Snapshot: `groups:count (group:string partitions:count (topicId partition sharePartition)*)*`,
/// all in order.
public final class SharePartitions {
  /// Runs and partitions in the answers that are remembered, of each kind of question.
  private static final int RECENT_WEIGHT_MAX = 200_000;

  /// Extents that are looked at to tell how many bytes some offsets have.
  private static final int EXTENTS_MAX = 1_000;

  private final Function<PartitionId, Optional<PartitionLog>> logs;
  private final Function<String, ShareSettings> settings;
  private final TreeMap<String, TreeMap<PartitionId, SharePartition>> groups = new TreeMap<>();
  private final RecentCalls<Acquisition> acquisitions = new RecentCalls<>(RECENT_WEIGHT_MAX);
  private final RecentCalls<List<AcknowledgeOutcome>> acknowledgements =
      new RecentCalls<>(RECENT_WEIGHT_MAX);
  private int count;

  /// No lock of any share-partition ends before this time.
  private long deadlineMs = Long.MAX_VALUE;

  public SharePartitions(
      Function<PartitionId, Optional<PartitionLog>> logs,
      Function<String, ShareSettings> settings) {
    this.logs = logs;
    this.settings = settings;
  }

  /// What has to be known before records can be acquired: where share-partitions start that were
  /// never asked for, or whose log begins later now.
  public Decided<Boolean> decideStarts(AcquireOrder order) {
    checkCount(order.partitions().size());
    List<ShareChange> changes = new ArrayList<>();
    for (PartitionId id : order.partitions()) {
      Optional<SharePartition> share = find(order.group(), id);
      Optional<PartitionLog> log = logs.apply(id);
      if (share.isPresent() && log.isPresent()) {
        startOf(share.get(), log.get().bounds(), settings.apply(order.group()))
            .ifPresent(start -> changes.add(new ShareChange.Started(order.group(), id, start)));
      }
    }
    return new Decided<>(changes, true);
  }

  /// Acquires, after [#decideStarts] was replayed. It changes the leader's memory only.
  public Acquisition acquire(AcquireOrder order, long nowMs) {
    Optional<Acquisition> done = acquisitions.find(order.callId());
    if (done.isPresent()) {
      return done.get();
    }
    ShareSettings group = settings.apply(order.group());
    List<Acquired> partitions = new ArrayList<>(order.partitions().size());
    Left left = new Left(order.recordsMax(), order.bytesMax());
    int weight = 1;
    for (PartitionId id : order.partitions()) {
      Acquired acquired = acquire(order, id, group, left, nowMs);
      weight += acquired instanceof Acquired.Runs runs ? 1 + runs.runs().size() : 1;
      partitions.add(acquired);
    }
    return acquisitions.put(
        order.callId(), new Acquisition(group.lockMs(), group.committedOnly(), partitions), weight);
  }

  /// What one question may still acquire.
  private static final class Left {
    private long records;
    private long bytes;

    Left(long records, long bytes) {
      this.records = records;
      this.bytes = bytes;
    }
  }

  public Decided<List<AcknowledgeOutcome>> decideAcknowledge(AcknowledgeOrder order, long nowMs) {
    checkCount(order.partitions().size());
    Optional<List<AcknowledgeOutcome>> done = acknowledgements.find(order.callId());
    if (done.isPresent()) {
      return Decided.unchanged(done.get());
    }
    ShareSettings group = settings.apply(order.group());
    List<ShareChange> changes = new ArrayList<>();
    List<AcknowledgeOutcome> outcomes = new ArrayList<>(order.partitions().size());
    Set<PartitionId> judged = new TreeSet<>();
    for (AcknowledgedPartition said : order.partitions()) {
      if (!judged.add(said.partition())) {
        // It would be judged by what is no longer so once the first has been settled.
        outcomes.add(AcknowledgeOutcome.NOT_ACQUIRED);
        continue;
      }
      Optional<SharePartition> share = find(order.group(), said.partition());
      AcknowledgeOutcome outcome =
          share
              .map(there -> there.judge(order.member(), said.runs(), group))
              .orElse(AcknowledgeOutcome.NOT_BEGUN);
      if (outcome == AcknowledgeOutcome.DONE) {
        settle(
            order.group(),
            said.partition(),
            share.get().acknowledge(said.runs(), group, nowMs),
            changes);
      }
      outcomes.add(outcome);
    }
    acknowledgements.put(order.callId(), outcomes, 1 + outcomes.size());
    return new Decided<>(changes, outcomes);
  }

  public Decided<Boolean> decideRelease(String group, String member, List<PartitionId> partitions) {
    checkCount(partitions.size());
    ShareSettings groupSettings = settings.apply(group);
    List<ShareChange> changes = new ArrayList<>();
    for (PartitionId id : new TreeSet<>(partitions)) {
      find(group, id)
          .filter(SharePartition::anyLocked)
          .ifPresent(share -> settle(group, id, share.held(member, groupSettings), changes));
    }
    return new Decided<>(changes, !changes.isEmpty());
  }

  /// Gives back what members have had for too long.
  public Decided<Boolean> decideOverdue(long nowMs) {
    if (nowMs < deadlineMs) {
      return Decided.unchanged(false);
    }
    deadlineMs = Long.MAX_VALUE;
    List<ShareChange> changes = new ArrayList<>();
    groups.forEach(
        (group, partitions) ->
            partitions.forEach(
                (id, share) -> {
                  if (share.deadlineMs() <= nowMs) {
                    settle(group, id, share.overdue(settings.apply(group), nowMs), changes);
                  }
                  deadlineMs = Math.min(deadlineMs, share.deadlineMs());
                }));
    return new Decided<>(changes, !changes.isEmpty());
  }

  public Decided<Boolean> decideBegin(
      String group, List<PartitionId> partitions, Optional<Long> startOffset) {
    checkCount(partitions.size());
    if (partitions.isEmpty() || partitions.stream().anyMatch(id -> logs.apply(id).isEmpty())) {
      return Decided.unchanged(false);
    }
    if (!hasRoom(group, partitions)) {
      throw new ControlPlaneException.Rejected(
          "more than %d share-partitions".formatted(ShareGroups.SHARE_PARTITIONS_MAX));
    }
    int epochBefore =
        partitions.stream()
            .flatMap(id -> find(group, id).stream())
            .mapToInt(SharePartition::stateEpoch)
            .max()
            .orElse(-1);
    long start = startOffset.orElse(SharePartition.START_UNKNOWN);
    ShareChange begun = new ShareChange.Begun(group, epochBefore + 1, partitions, start);
    return new Decided<>(List.of(begun), true);
  }

  /// Whether a group may begin these partitions too.
  public boolean hasRoom(String group, List<PartitionId> partitions) {
    long fresh = partitions.stream().filter(id -> find(group, id).isEmpty()).distinct().count();
    return count + fresh <= ShareGroups.SHARE_PARTITIONS_MAX;
  }

  public Decided<Boolean> decideStartAt(String group, PartitionId partition, long startOffset) {
    Optional<SharePartition> share = find(group, partition);
    if (share.isEmpty() || share.get().startKnown()) {
      return Decided.unchanged(share.isPresent());
    }
    return new Decided<>(
        List.of(new ShareChange.Started(group, partition, Math.max(0, startOffset))), true);
  }

  /// @param startOffset -1 if it is not known yet
  /// @param lag records that are not finished; -1 if it is not known yet
  public record Summary(long startOffset, long lag) {}

  public Optional<Summary> summary(String group, PartitionId id) {
    Optional<PartitionLog> log = logs.apply(id);
    return log.isEmpty()
        ? Optional.empty()
        : find(group, id)
            .map(
                share ->
                    share.startKnown()
                        ? new Summary(share.start(), share.lag(log.get().highWatermark()))
                        : new Summary(SharePartition.START_UNKNOWN, -1));
  }

  public void replay(ShareChange change) {
    switch (change) {
      case ShareChange.Begun begun -> {
        for (PartitionId id : begun.partitions()) {
          put(begun.group(), id, new SharePartition(begun.stateEpoch(), begun.startOffset()));
        }
      }
      case ShareChange.Started started ->
          there(started.group(), started.partition()).startAt(started.startOffset());
      case ShareChange.Settled settled ->
          there(settled.group(), settled.partition()).replay(settled.runs());
      case ShareChange.Ended ended ->
          ended.partitions().forEach(partition -> remove(ended.group(), partition));
    }
  }

  /// The topic is no more, and so are its share-partitions.
  public void forget(TopicId topic) {
    PartitionId first = new PartitionId(topic, 0);
    PartitionId last = new PartitionId(topic, Integer.MAX_VALUE);
    groups
        .values()
        .forEach(
            partitions -> {
              Map<PartitionId, SharePartition> gone = partitions.subMap(first, true, last, true);
              count -= gone.size();
              gone.clear();
            });
    groups.values().removeIf(TreeMap::isEmpty);
  }

  public void write(WireWriter out) {
    out.writeVarInt(groups.size());
    groups.forEach(
        (group, partitions) -> {
          out.writeString(group);
          out.writeVarInt(partitions.size());
          partitions.forEach(
              (id, share) -> {
                ShareChangeCodec.writePartition(out, id);
                share.write(out);
              });
        });
  }

  public void read(WireReader in) {
    int groupCount = in.readCount(2);
    for (int i = 0; i < groupCount; i++) {
      String group = in.readString();
      int partitionCount = in.readCount(19);
      for (int j = 0; j < partitionCount; j++) {
        PartitionId id = ShareChangeCodec.readPartition(in);
        if (find(group, id).isPresent()) {
          throw new MalformedBytesException("a share-partition twice");
        }
        put(group, id, SharePartition.read(in));
      }
    }
  }

  private Acquired acquire(
      AcquireOrder order, PartitionId id, ShareSettings group, Left left, long nowMs) {
    Optional<PartitionLog> log = logs.apply(id);
    if (log.isEmpty()) {
      return new Acquired.UnknownPartition();
    }
    Optional<SharePartition> found = find(order.group(), id);
    if (found.isEmpty()) {
      return new Acquired.NotBegun();
    }
    SharePartition share = found.get();
    if (!share.startKnown()) {
      return group.reset() instanceof ShareSettings.Reset.ByDuration(long durationMs)
          ? new Acquired.NeedsStart(Math.max(0, nowMs - durationMs))
          : new Acquired.NotBegun();
    }
    PartitionBounds bounds = log.get().bounds();
    long readableEnd = group.committedOnly() ? bounds.lastStableOffset() : bounds.highWatermark();
    List<AcquiredRun> runs = List.of();
    long next = share.next();
    if (left.records > 0 && left.bytes > 0 && next < readableEnd) {
      Reach reach = reach(log.get(), next, left.bytes);
      SharePartition.Room room =
          new SharePartition.Room(
              Math.min(readableEnd, reach.end()),
              order.bytesMin() <= 1
                  || reach(log.get(), share.end(), order.bytesMin()).bytes() >= order.bytesMin(),
              (int) Math.min(left.records, Integer.MAX_VALUE));
      runs = share.acquire(order.member(), room, group, nowMs);
      deadlineMs = Math.min(deadlineMs, share.deadlineMs());
      for (AcquiredRun run : runs) {
        left.records -= run.lastOffset() - run.firstOffset() + 1;
      }
      left.bytes -= runs.isEmpty() ? 0 : reach.bytes();
    }
    return new Acquired.Runs(bounds, share.anyLocked(), runs);
  }

  /// @param end after the extents that have so many bytes
  private record Reach(long end, long bytes) {}

  private static Reach reach(PartitionLog log, long offset, long bytesMax) {
    long end = offset;
    long bytes = 0;
    int atMost = (int) Math.min(bytesMax, Integer.MAX_VALUE);
    for (Span span : log.from(offset, atMost, EXTENTS_MAX)) {
      end = span.lastOffset() + 1;
      bytes += span.length();
    }
    return new Reach(end, bytes);
  }

  private static Optional<Long> startOf(
      SharePartition share, PartitionBounds bounds, ShareSettings group) {
    if (share.startKnown()) {
      return share.start() < bounds.logStartOffset()
          ? Optional.of(bounds.logStartOffset())
          : Optional.empty();
    }
    return switch (group.reset()) {
      case ShareSettings.Reset.Earliest _ -> Optional.of(bounds.logStartOffset());
      case ShareSettings.Reset.Latest _ -> Optional.of(bounds.highWatermark());
      case ShareSettings.Reset.ByDuration _ -> Optional.empty();
    };
  }

  private static void settle(
      String group, PartitionId id, List<SettledRun> settled, List<ShareChange> changes) {
    if (!settled.isEmpty()) {
      changes.add(new ShareChange.Settled(group, id, settled));
    }
  }

  private Optional<SharePartition> find(String group, PartitionId id) {
    TreeMap<PartitionId, SharePartition> partitions = groups.get(group);
    return partitions == null ? Optional.empty() : Optional.ofNullable(partitions.get(id));
  }

  private SharePartition there(String group, PartitionId id) {
    Optional<SharePartition> share = find(group, id);
    Invariant.check(share.isPresent(), "a change of no share-partition");
    return share.get();
  }

  private void put(String group, PartitionId id, SharePartition share) {
    SharePartition before = groups.computeIfAbsent(group, _ -> new TreeMap<>()).put(id, share);
    count += before == null ? 1 : 0;
  }

  private void remove(String group, PartitionId id) {
    TreeMap<PartitionId, SharePartition> partitions = groups.get(group);
    if (partitions != null && partitions.remove(id) != null) {
      count--;
      if (partitions.isEmpty()) {
        groups.remove(group);
      }
    }
  }

  private static void checkCount(int partitions) {
    if (partitions > ShareGroups.PARTITIONS_PER_CALL_MAX) {
      throw new ControlPlaneException.Rejected(
          "%d partitions in one question; %d are possible"
              .formatted(partitions, ShareGroups.PARTITIONS_PER_CALL_MAX));
    }
  }
}
