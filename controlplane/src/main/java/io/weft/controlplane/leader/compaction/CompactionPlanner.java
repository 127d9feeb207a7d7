package io.weft.controlplane.leader.compaction;

import io.weft.controlplane.api.file.Compactions.Assignment;
import io.weft.controlplane.api.file.Compactions.Run;
import io.weft.controlplane.leader.compaction.CrowdedPartitions.Barred;
import io.weft.controlplane.leader.compaction.FileChoice.Candidate;
import io.weft.controlplane.state.compaction.CompactionPlanning;
import io.weft.controlplane.state.log.LiveFiles;
import io.weft.controlplane.state.log.PartitionLogs;
import io.weft.controlplane.state.partition.PartitionLog;
import io.weft.environment.Clock;
import io.weft.model.AgentId;
import io.weft.model.Extent;
import io.weft.model.FileTier;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Plans what is merged, and gives it to agents that ask. Owned by the leader thread.
///
/// ```
/// idle ─an agent has asked, time has passed→ choosing ─→ sweeping ─→ jobs are given out ─→ idle
///      └───────────────────────────────────→ crowded partitions, one by one ─→ jobs   ─→ idle
/// ```
public final class CompactionPlanner implements CompactionPlanning, Barred {
  private static final Logger LOG = LoggerFactory.getLogger(CompactionPlanner.class);

  /// What a job may have at most, and so about the largest file there will be.
  public static final long JOB_BYTES_MAX = 64L << 20;

  /// Jobs that are planned at once.
  static final int JOBS_MAX = 64;

  /// Extents of all jobs that are planned at once.
  static final long EXTENTS_MAX = 200_000;

  /// From a turn through the partitions to the next, where some had too many extents.
  private static final long CROWDED_EVERY_MS = 1_000;

  private final PartitionLogs logs;
  private final Clock clock;
  private final CompactionSettings settings;
  private final FileAges rest;
  private final FileAges ages;
  private final JobLeases leases = new JobLeases();
  private final WaitingJobs ready = new WaitingJobs(leases);
  private final AskedBytes asked = new AskedBytes();

  /// Files that could not be read.
  private final LeftAlone<Long> quarantined = new LeftAlone<>();

  /// Extents whose batches do not add up to their sums.
  private final LeftAlone<PartOfFile> differing = new LeftAlone<>();

  /// Files that are not merged as a whole: retention takes the rest, or one of those lies in them.
  private final LeftAlone<Long> notWhole = new LeftAlone<>();

  private final TierMoves moves;
  private List<List<Long>> chosen = List.of();

  /// So many of the chosen, the first ones, are moved to the other store.
  private int moved;

  private Optional<ExtentSweep> sweep = Optional.empty();
  private Optional<CrowdedPartitions> crowded = Optional.empty();
  private int turns;
  private Predicate<PartitionId> left = _ -> false;
  private long nextRoundMs;
  private long nextTurnMs;
  private long restedBelow = Long.MIN_VALUE;

  /// Numbers of jobs begin at the time at which this leader began, so that another leader's are
  /// others, as a rule. Nothing is wrong where they are not.
  private long nextJob;

  private long swapped;
  private long refused;
  private long lost;
  private long spansMax;

  /// What a partition has in a file.
  private record PartOfFile(PartitionId partition, long fileId) {}

  /// @param firstJob the number of its first job
  public CompactionPlanner(
      PartitionLogs logs, Clock clock, CompactionSettings settings, long firstJob) {
    this.logs = logs;
    this.clock = clock;
    this.settings = settings;
    this.rest = new FileAges(settings.restMs());
    this.ages = new FileAges(settings.agedMs());
    this.moves = new TierMoves(settings);
    this.nextJob = firstJob;
  }

  @Override
  public Assignment next(AgentId agent, long bytesMax) {
    long nowMs = clock.monotonicMs();
    asked.note(nowMs, Math.min(bytesMax, JOB_BYTES_MAX));
    leases.endAllOf(agent);
    Optional<PlannedJob> job = ready.take(bytesMax, this::isCurrent);
    if (job.isEmpty()) {
      return new Assignment.Nothing();
    }
    leases.give(agent, job.get(), nowMs + settings.leaseMs());
    return new Assignment.Job(job.get().id(), job.get().runs());
  }

  /// Its topic may be deleted meanwhile, its front be gone, or something else rewrite it.
  private boolean isCurrent(Run run) {
    return !isLeft(run.partition())
        && logs.find(run.partition()).filter(log -> log.holds(run.extents())).isPresent();
  }

  @Override
  public void ended(long job, boolean wasSwapped) {
    if (wasSwapped) {
      swapped++;
    } else {
      refused++;
    }
    leases.end(job);
  }

  @Override
  public void sumsDiffered(PartitionId partition, List<Long> files) {
    if (!differing.anyMatch(each -> each.partition().equals(partition))) {
      LOG.error(
          "{} HAS BATCHES THAT DO NOT ADD UP TO WHAT WAS COMMITTED, in some of the files {}. Its"
              + " part of them is not merged for {} ms",
          partition,
          files,
          settings.quarantineMs());
    }
    long untilMs = clock.monotonicMs() + settings.quarantineMs();
    for (Long fileId : files) {
      differing.add(new PartOfFile(partition, fileId), untilMs);
      notWhole.add(fileId, untilMs);
    }
  }

  @Override
  public void givenUp(AgentId agent, long job, List<Long> unreadable) {
    if (!leases.isGivenTo(agent, job)) {
      return;
    }
    Optional<PlannedJob> ended = leases.end(job);
    for (Long fileId : unreadable) {
      boolean isInput = ended.filter(it -> it.files().contains(fileId)).isPresent();
      if (isInput && logs.files().liveExtents(fileId) > 0) {
        LOG.error(
            "FILE {} CANNOT BE READ, agent {} says. It is not merged for {} ms, and what lies in it"
                + " may not be readable for clients either",
            fileId,
            agent.value(),
            settings.quarantineMs());
        quarantined.add(fileId, clock.monotonicMs() + settings.quarantineMs());
      }
    }
  }

  /// Whether what a partition has in a file is part of a job that is planned or given out, as far
  /// as is known.
  public boolean isBusy(PartitionId partition, long fileId) {
    return leases.isBusy(partition, fileId);
  }

  /// From here on no extent of such a partition is merged.
  public void leave(Predicate<PartitionId> partitions) {
    left = partitions;
  }

  /// Whether there is more to look at soon.
  public boolean isPlanning() {
    return sweep.isPresent() || (crowded.isPresent() && ready.slices() == 0);
  }

  /// Goes on with what is being planned, for a bounded time. To be called about every second, and
  /// sooner while it is busy.
  public void look() {
    long nowMs = clock.monotonicMs();
    lost += leases.expire(nowMs);
    quarantined.expire(nowMs);
    differing.expire(nowMs);
    notWhole.expire(nowMs);
    if (asked.isRecent(nowMs)) {
      ready.dropLarger(asked.most(nowMs));
    }
    restedBelow = rest.agedBelow(nowMs, logs.files().newest());
    moves.look(nowMs, logs.files());
    lookAtCrowded(nowMs);
    if (sweep.isPresent()) {
      if (sweep.get().step(settings.spansPerLook())) {
        harvest(sweep.get());
        sweep = Optional.empty();
        nextRoundMs = nowMs + settings.everyMs();
      }
    } else if (ready.wholes() == 0 && nowMs >= nextRoundMs && asked.isRecent(nowMs)) {
      choose(nowMs);
      nextRoundMs = nowMs + settings.everyMs();
    }
  }

  private void lookAtCrowded(long nowMs) {
    if (crowded.isEmpty() && nowMs >= nextTurnMs && asked.isRecent(nowMs)) {
      long bytesMax = asked.most(nowMs);
      crowded = Optional.of(new CrowdedPartitions(logs, leases, this, bytesMax, turns++));
      nextTurnMs = nowMs + settings.everyMs();
    }
    if (crowded.isPresent()) {
      List<PlannedJob> jobs = crowded.get().step(settings.spansPerLook(), ready.slices(), nextJob);
      nextJob += jobs.size();
      jobs.forEach(ready::add);
      if (crowded.get().isDone()) {
        if (crowded.get().hasFound()) {
          nextTurnMs = Math.min(nextTurnMs, nowMs + CROWDED_EVERY_MS);
        }
        crowded = Optional.empty();
      }
    }
  }

  @Override
  public boolean isBarred(PartitionId partition, long fileId) {
    return isBarred(fileId) || differs(partition, fileId);
  }

  private boolean isBarred(long fileId) {
    return FileTier.number(fileId) >= restedBelow || quarantined.contains(fileId);
  }

  @Override
  public boolean isLeft(PartitionId partition) {
    return left.test(partition);
  }

  @Override
  public int doomed(TopicId topic, PartitionLog log) {
    return Doomed.spans(logs, topic, log, clock.wallMs(), settings.paysMs());
  }

  private void choose(long nowMs) {
    long bytesMax = asked.most(nowMs);
    List<List<Long>> groups =
        moves.groups(
            logs.files(),
            bytesMax,
            id -> quarantined.contains(id) || leases.isBusy(id),
            JOBS_MAX,
            EXTENTS_MAX);
    moved = groups.size();
    groups.forEach(leases::plan);
    long extents = groups.stream().flatMap(List::stream).mapToLong(logs.files()::liveExtents).sum();
    groups.addAll(merged(nowMs, bytesMax, EXTENTS_MAX - extents));
    chosen = groups;
    if (!chosen.isEmpty()) {
      chosen.forEach(leases::plan);
      sweep = Optional.of(new ExtentSweep(logs, chosen, moved, this::doomed));
    }
  }

  private List<List<Long>> merged(long nowMs, long bytesMax, long extentsMax) {
    List<Candidate> candidates = new ArrayList<>();
    LiveFiles files = logs.files();
    long[] small = files.smallLive(bytesMax / 2);
    long newest = files.newest();
    for (long fileId : small) {
      long bytes = files.liveBytes(fileId);
      long extents = files.liveExtents(fileId);
      if (!isBarred(fileId)
          && !notWhole.contains(fileId)
          && !leases.isBusy(fileId)
          && bytes <= bytesMax / 2
          && extents <= settings.fileExtentsMax()) {
        candidates.add(new Candidate(fileId, bytes, extents));
      }
    }
    boolean isQuiet = newest < ages.agedBelow(nowMs, newest);
    return limited(new FileChoice(settings, bytesMax).groups(candidates, isQuiet), extentsMax);
  }

  private static List<List<Long>> limited(List<List<Candidate>> groups, long extentsMax) {
    List<List<Long>> some = new ArrayList<>();
    long extents = 0;
    for (List<Candidate> group : groups) {
      extents += group.stream().mapToLong(Candidate::extents).sum();
      if (some.size() == JOBS_MAX || extents > extentsMax) {
        break;
      }
      some.add(group.stream().map(Candidate::fileId).toList());
    }
    return some;
  }

  private void harvest(ExtentSweep swept) {
    spansMax = swept.spansMax();
    long bytesMax = asked.most(clock.monotonicMs());
    long untilMs = clock.monotonicMs() + settings.paysMs();
    swept.doomed().forEach(fileId -> notWhole.add(fileId, untilMs));
    for (int i = 0; i < chosen.size(); i++) {
      List<Run> found = swept.runs().get(i);
      List<Run> runs = found.stream().filter(run -> !left.test(run.partition())).toList();
      if (i < moved) {
        moves.leaveStuck(chosen.get(i), found, bytesMax, this::differs, untilMs);
        runs = TierMoves.within(runs.stream().filter(this::addsUp).toList(), bytesMax);
      }
      if (runs.isEmpty()) {
        leases.forget(chosen.get(i));
      } else {
        long bytes =
            runs.stream().flatMap(run -> run.extents().stream()).mapToLong(Extent::length).sum();
        ready.add(new PlannedJob(nextJob++, chosen.get(i), false, bytes, runs));
      }
    }
    chosen = List.of();
  }

  private boolean addsUp(Run run) {
    return run.extents().stream().noneMatch(each -> differs(run.partition(), each.fileId()));
  }

  private boolean differs(PartitionId partition, long fileId) {
    return differing.contains(new PartOfFile(partition, fileId));
  }

  public CompactionFigures figures() {
    return new CompactionFigures(
        ready.wholes() + ready.slices() + leases.count(),
        swapped,
        refused,
        lost,
        quarantined.count(),
        spansMax,
        logs.files().lowLatencyCount());
  }
}
