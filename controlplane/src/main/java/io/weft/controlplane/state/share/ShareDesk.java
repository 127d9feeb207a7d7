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
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.state.part.ChangeListener;
import io.weft.controlplane.state.part.CurrentStep;
import io.weft.controlplane.state.part.StatePart;
import io.weft.controlplane.state.part.StateRecord;
import io.weft.controlplane.state.partition.PartitionLog;
import io.weft.controlplane.state.share.ShareChange.SettledRun;
import io.weft.controlplane.state.topic.TopicRecord.TopicDeleted;
import io.weft.controlplane.state.topic.TopicRecord.TopicRetired;
import io.weft.model.PartitionId;
import io.weft.model.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/// Share groups' questions about the partitions they read. Acquiring changes the leader's memory
/// only; what becomes of records is made as records. Owned by one thread.
public final class ShareDesk implements StatePart, ShareGroups {
  /// Runs and partitions in the answers that are remembered, of each kind of question.
  private static final int RECENT_WEIGHT_MAX = 200_000;

  /// Extents that are looked at to tell how many bytes some offsets have.
  private static final int EXTENTS_MAX = 1_000;

  private final CurrentStep step;
  private final Function<PartitionId, Optional<PartitionLog>> logs;
  private final ShareRules rules;
  private final SharePartitions shares = new SharePartitions();
  private final RecentCalls<Acquisition> acquisitions = new RecentCalls<>(RECENT_WEIGHT_MAX);
  private final RecentCalls<List<AcknowledgeOutcome>> acknowledgements =
      new RecentCalls<>(RECENT_WEIGHT_MAX);

  /// No lock of any share-partition ends before this time.
  private long deadlineMs = Long.MAX_VALUE;

  /// @param settings a group's own settings, by Kafka's names
  public ShareDesk(
      CurrentStep step,
      Function<PartitionId, Optional<PartitionLog>> logs,
      Function<String, Map<String, String>> settings) {
    this.step = step;
    this.logs = logs;
    this.rules = new ShareRules(settings);
  }

  /// It changes the leader's memory only, except for what has to be known before: where
  /// share-partitions start that were never asked for, or whose log begins later now.
  @Override
  public Acquisition acquire(AcquireOrder order) {
    checkCount(order.partitions().size());
    makeStarts(order);
    Optional<Acquisition> done = acquisitions.find(order.callId());
    if (done.isPresent()) {
      return done.get();
    }
    ShareSettings group = rules.of(order.group());
    List<Acquired> partitions = new ArrayList<>(order.partitions().size());
    Left left = new Left(order.recordsMax(), order.bytesMax());
    int weight = 1;
    for (PartitionId id : order.partitions()) {
      Acquired acquired = acquire(order, id, group, left, step.nowMs());
      weight += acquired instanceof Acquired.Runs runs ? 1 + runs.runs().size() : 1;
      partitions.add(acquired);
    }
    return acquisitions.put(
        order.callId(), new Acquisition(group.lockMs(), group.committedOnly(), partitions), weight);
  }

  private void makeStarts(AcquireOrder order) {
    List<ShareChange> changes = new ArrayList<>();
    for (PartitionId id : order.partitions()) {
      Optional<SharePartition> share = shares.find(order.group(), id);
      Optional<PartitionLog> log = logs.apply(id);
      if (share.isPresent() && log.isPresent()) {
        startOf(share.get(), log.get().bounds(), rules.of(order.group()))
            .ifPresent(start -> changes.add(new ShareChange.Started(order.group(), id, start)));
      }
    }
    make(changes);
  }

  private void make(List<ShareChange> changes) {
    changes.forEach(change -> step.make(new ShareChanged(change)));
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

  @Override
  public List<AcknowledgeOutcome> acknowledge(AcknowledgeOrder order) {
    checkCount(order.partitions().size());
    Optional<List<AcknowledgeOutcome>> done = acknowledgements.find(order.callId());
    if (done.isPresent()) {
      return done.get();
    }
    ShareSettings group = rules.of(order.group());
    List<ShareChange> changes = new ArrayList<>();
    List<AcknowledgeOutcome> outcomes = new ArrayList<>(order.partitions().size());
    Set<PartitionId> judged = new TreeSet<>();
    for (AcknowledgedPartition said : order.partitions()) {
      if (!judged.add(said.partition())) {
        // It would be judged by what is no longer so once the first has been settled.
        outcomes.add(AcknowledgeOutcome.NOT_ACQUIRED);
        continue;
      }
      Optional<SharePartition> share = shares.find(order.group(), said.partition());
      AcknowledgeOutcome outcome =
          share
              .map(there -> there.judge(order.member(), said.runs(), group))
              .orElse(AcknowledgeOutcome.NOT_BEGUN);
      if (outcome == AcknowledgeOutcome.DONE) {
        settle(
            order.group(),
            said.partition(),
            share.get().acknowledge(said.runs(), group, step.nowMs()),
            changes);
      }
      outcomes.add(outcome);
    }
    acknowledgements.put(order.callId(), outcomes, 1 + outcomes.size());
    make(changes);
    return outcomes;
  }

  @Override
  public boolean release(String group, String member, List<PartitionId> partitions) {
    checkCount(partitions.size());
    ShareSettings groupSettings = rules.of(group);
    List<ShareChange> changes = new ArrayList<>();
    for (PartitionId id : new TreeSet<>(partitions)) {
      shares
          .find(group, id)
          .filter(SharePartition::anyLocked)
          .ifPresent(share -> settle(group, id, share.held(member, groupSettings), changes));
    }
    make(changes);
    return !changes.isEmpty();
  }

  public ShareRules rules() {
    return rules;
  }

  /// Gives back what members have had for too long.
  public void expireLocks() {
    long nowMs = step.nowMs();
    if (nowMs < deadlineMs) {
      return;
    }
    deadlineMs = Long.MAX_VALUE;
    List<ShareChange> changes = new ArrayList<>();
    shares
        .all()
        .forEach(
            (group, partitions) ->
                partitions.forEach(
                    (id, share) -> {
                      if (share.deadlineMs() <= nowMs) {
                        settle(group, id, share.overdue(rules.of(group), nowMs), changes);
                      }
                      deadlineMs = Math.min(deadlineMs, share.deadlineMs());
                    }));
    make(changes);
  }

  @Override
  public boolean begin(String group, List<PartitionId> partitions, Optional<Long> startOffset) {
    checkCount(partitions.size());
    if (partitions.isEmpty() || partitions.stream().anyMatch(id -> logs.apply(id).isEmpty())) {
      return false;
    }
    if (!hasRoom(group, partitions)) {
      throw new ControlPlaneException.Rejected(
          "more than %d share-partitions".formatted(ShareGroups.SHARE_PARTITIONS_MAX));
    }
    int epochBefore =
        partitions.stream()
            .flatMap(id -> shares.find(group, id).stream())
            .mapToInt(SharePartition::stateEpoch)
            .max()
            .orElse(-1);
    long start = startOffset.orElse(SharePartition.START_UNKNOWN);
    make(List.of(new ShareChange.Begun(group, epochBefore + 1, start, partitions)));
    return true;
  }

  /// Whether a group may begin these partitions too.
  public boolean hasRoom(String group, List<PartitionId> partitions) {
    return shares.hasRoom(group, partitions);
  }

  @Override
  public boolean startAt(String group, PartitionId partition, long startOffset) {
    Optional<SharePartition> share = shares.find(group, partition);
    if (share.isPresent() && !share.get().startKnown()) {
      make(List.of(new ShareChange.Started(group, partition, Math.max(0, startOffset))));
    }
    return share.isPresent();
  }

  /// @param startOffset -1 if it is not known yet
  /// @param lag records that are not finished; -1 if it is not known yet
  public record Summary(long startOffset, long lag) {}

  public Optional<Summary> summary(String group, PartitionId id) {
    Optional<PartitionLog> log = logs.apply(id);
    return log.isEmpty()
        ? Optional.empty()
        : shares
            .find(group, id)
            .map(
                share ->
                    share.startKnown()
                        ? new Summary(share.start(), share.lag(log.get().highWatermark()))
                        : new Summary(SharePartition.START_UNKNOWN, -1));
  }

  @Override
  public void replay(StateRecord record, ChangeListener changes) {
    switch (record) {
      case ShareChanged changed -> shares.replay(changed.change());
      case TopicDeleted deleted -> shares.forget(deleted.topic());
      case TopicRetired deleted -> shares.forget(deleted.topic());
      default -> throw new IllegalStateException("not heard: " + record);
    }
  }

  @Override
  public void write(WireWriter out) {
    shares.write(out);
  }

  @Override
  public void read(WireReader in) {
    shares.read(in);
  }

  private Acquired acquire(
      AcquireOrder order, PartitionId id, ShareSettings group, Left left, long nowMs) {
    Optional<PartitionLog> log = logs.apply(id);
    if (log.isEmpty()) {
      return new Acquired.UnknownPartition();
    }
    Optional<SharePartition> found = shares.find(order.group(), id);
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

  private static void checkCount(int partitions) {
    if (partitions > ShareGroups.PARTITIONS_PER_CALL_MAX) {
      throw new ControlPlaneException.Rejected(
          "%d partitions in one question; %d are possible"
              .formatted(partitions, ShareGroups.PARTITIONS_PER_CALL_MAX));
    }
  }
}
