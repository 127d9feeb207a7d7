package io.weft.controlplane.leader.cleaning;

import io.weft.controlplane.api.file.Cleanings.Assignment;
import io.weft.controlplane.leader.compaction.FileAges;
import io.weft.controlplane.state.compaction.CleaningPlanning;
import io.weft.controlplane.state.log.PartitionLogs;
import io.weft.environment.Clock;
import io.weft.model.AgentId;
import io.weft.model.PartitionId;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Plans which partitions are cleaned, the dirtiest first, and gives them to agents that ask. Owned
/// by the leader thread.
public final class CleaningPlanner implements CleaningPlanning {
  private static final Logger LOG = LoggerFactory.getLogger(CleaningPlanner.class);

  /// Partitions that are planned at once.
  static final int JOBS_MAX = 64;

  /// Partitions that are remembered as uncleanable.
  static final int QUARANTINED_MAX = 10_000;

  /// Without anybody who asks, nothing is planned after this time.
  private static final long ASKED_MS = 60_000;

  private final PartitionLogs logs;
  private final Clock clock;
  private final CleaningSettings settings;
  private final Busy busy;
  private final FileAges rest;
  private final FileAges ages;
  private final Deque<DirtyPartition> ready = new ArrayDeque<>();
  private final Map<Long, Lease> leases = new HashMap<>();

  /// By partition: until when it is left alone.
  private final Map<PartitionId, Long> quarantined = new LinkedHashMap<>();

  private Optional<CleaningWalk> walk = Optional.empty();
  private long nextRoundMs;
  private long askedMs = Long.MIN_VALUE / 2;
  private long nextJob;
  private long swapped;
  private long refused;

  private record Lease(AgentId agent, PartitionId partition, long untilMs) {}

  /// What is being merged: both would be done in vain.
  public interface Busy {
    boolean isBusy(PartitionId partition, long fileId);
  }

  /// @param firstJob the number of its first job
  public CleaningPlanner(
      PartitionLogs logs, Clock clock, CleaningSettings settings, Busy busy, long firstJob) {
    this.logs = logs;
    this.clock = clock;
    this.settings = settings;
    this.busy = busy;
    this.rest = new FileAges(settings.restMs());
    this.ages = new FileAges(settings.agedMs());
    this.nextJob = firstJob;
  }

  @Override
  public Assignment next(AgentId agent) {
    askedMs = clock.monotonicMs();
    leases.values().removeIf(lease -> lease.agent().equals(agent));
    DirtyPartition dirty = ready.poll();
    while (dirty != null && logs.find(dirty.partition()).isEmpty()) {
      // Its topic was deleted meanwhile.
      dirty = ready.poll();
    }
    if (dirty == null) {
      return new Assignment.Nothing();
    }
    long job = nextJob++;
    leases.put(job, new Lease(agent, dirty.partition(), askedMs + settings.leaseMs()));
    return new Assignment.Job(
        job,
        dirty.partition(),
        dirty.dirtyFrom(),
        dirty.end(),
        clock.wallMs(),
        dirty.settings().deleteRetentionMs());
  }

  @Override
  public void swapped(boolean done) {
    if (done) {
      swapped++;
    } else {
      refused++;
    }
  }

  @Override
  public void sumsDiffered(PartitionId partition) {
    if (!quarantined.containsKey(partition)) {
      LOG.error(
          "{} HAS BATCHES THAT DO NOT ADD UP TO WHAT WAS COMMITTED. It is not cleaned for {} ms and"
              + " grows meanwhile",
          partition,
          settings.quarantineMs());
    }
    quarantine(partition);
  }

  @Override
  public void givenUp(AgentId agent, long job, boolean forLong) {
    Lease lease = leases.get(job);
    if (lease == null || !lease.agent().equals(agent)) {
      return;
    }
    leases.remove(job);
    if (forLong) {
      LOG.error(
          "{} CANNOT BE CLEANED, agent {} says. It is left alone for {} ms and grows meanwhile",
          lease.partition(),
          agent.value(),
          settings.quarantineMs());
      quarantine(lease.partition());
    }
  }

  private void quarantine(PartitionId partition) {
    quarantined.remove(partition);
    quarantined.put(partition, clock.monotonicMs() + settings.quarantineMs());
    if (quarantined.size() > QUARANTINED_MAX) {
      quarantined.remove(quarantined.keySet().iterator().next());
    }
  }

  /// Whether an agent works on it now.
  public boolean isBeingCleaned(PartitionId partition) {
    return leases.values().stream().anyMatch(lease -> lease.partition().equals(partition));
  }

  /// Goes on with what is being planned, for a bounded time. To be called about every second.
  public void look() {
    long nowMs = clock.monotonicMs();
    leases.values().removeIf(lease -> lease.untilMs() <= nowMs);
    quarantined.values().removeIf(untilMs -> untilMs <= nowMs);
    if (walk.isPresent()) {
      if (walk.get().step(settings.spansPerLook())) {
        harvest(walk.get());
        walk = Optional.empty();
        nextRoundMs = nowMs + settings.everyMs();
      }
    } else if (nowMs >= nextRoundMs && nowMs - askedMs <= ASKED_MS) {
      walk = Optional.of(new CleaningWalk(logs, limits(nowMs), settings.dirtyBytesMin()));
      // What was planned before may no longer be as it was.
      ready.clear();
    }
  }

  private DirtyPartition.Limits limits(long nowMs) {
    long newest = logs.files().newest();
    return new DirtyPartition.Limits(
        clock.wallMs(), rest.agedBelow(nowMs, newest), ages.agedBelow(nowMs, newest), busy);
  }

  private void harvest(CleaningWalk walked) {
    walked.due().stream()
        .filter(each -> !quarantined.containsKey(each.partition()))
        .filter(each -> !isBeingCleaned(each.partition()))
        .sorted(Comparator.comparingDouble(DirtyPartition::dirtyRatio).reversed())
        .limit(JOBS_MAX)
        .forEach(ready::add);
  }

  public CleaningFigures figures() {
    return new CleaningFigures(ready.size() + leases.size(), swapped, refused, quarantined.size());
  }
}
