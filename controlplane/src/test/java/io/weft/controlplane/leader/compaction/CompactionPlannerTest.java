package io.weft.controlplane.leader.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.TopicCatalog.RecordsBefore;
import io.weft.controlplane.api.file.Compactions;
import io.weft.controlplane.api.file.Compactions.Assignment;
import io.weft.controlplane.api.file.Compactions.Run;
import io.weft.controlplane.api.file.Compactions.Swap;
import io.weft.controlplane.api.file.Compactions.SwapOutcome;
import io.weft.controlplane.api.file.Compactions.SwappedRun;
import io.weft.controlplane.leader.compaction.PlannedCluster.Place;
import io.weft.model.AgentId;
import io.weft.model.Extent;
import io.weft.model.FileTier;
import io.weft.model.PartitionId;
import io.weft.model.Span;
import io.weft.model.TopicId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is merged with what, by whom, and that it comes to an end.
final class CompactionPlannerTest {
  private static final CompactionSettings SETTINGS =
      new CompactionSettings(
          8, 64, 10_000, 600_000, 5_000, 60_000, 120_000, 600_000, 60_000, 10_000, 1_000);

  private final PlannedCluster cluster = new PlannedCluster(SETTINGS);
  private final AgentId agent = cluster.register(1);
  private final TopicId topic = cluster.topic("topic", 3);
  private final PartitionId first = new PartitionId(topic, 0);
  private final PartitionId second = new PartitionId(topic, 1);

  private void commit(int files) {
    for (int i = 0; i < files; i++) {
      cluster.commit(agent, 100, List.of(first, second));
    }
  }

  /// The job that there is when files have rested and all has been looked at.
  private Assignment.Job job() {
    return found().orElseThrow();
  }

  private Optional<Assignment.Job> found() {
    return found(cluster, agent);
  }

  private static Optional<Assignment.Job> found(PlannedCluster where, AgentId agent) {
    for (int i = 0; i < 40; i++) {
      if (where.next(agent) instanceof Assignment.Job job) {
        return Optional.of(job);
      }
      where.passLooking(1_000);
    }
    return Optional.empty();
  }

  private static String why(SwapOutcome outcome) {
    return switch (outcome) {
      case SwapOutcome.Swapped() -> "swapped";
      case SwapOutcome.Refused(String why) -> why;
    };
  }

  @Test
  void manySmallFilesBecomeOne() {
    commit(8);
    Assignment.Job job = job();

    assertThat(job.runs()).hasSize(2);
    assertThat(PlannedCluster.inputs(job)).hasSize(8);
    assertThat(cluster.merge(agent, job)).isEqualTo(new SwapOutcome.Swapped());
    assertThat(cluster.spans(first)).hasSize(1);
    assertThat(cluster.liveFiles()).isEqualTo(1);
    assertThat(found()).isEmpty();
    assertThat(cluster.planner.figures()).isEqualTo(new CompactionFigures(0, 1, 0, 0, 0, 8, 0));
  }

  @Test
  void fewFilesWaitUntilTheyAreOld() {
    commit(7);
    assertThat(found()).isEmpty();
    IntStream.range(0, 700).forEach(_ -> askAndLook());

    assertThat(PlannedCluster.inputs(job())).hasSize(7);
  }

  private void askAndLook() {
    if (cluster.planner.figures().jobsPlanned() == 0) {
      cluster.next(agent);
    }
    cluster.passLooking(1_000);
  }

  @Test
  void aFileAloneIsMovedOutOfTheLowLatencyStoreInTime() {
    long fresh = cluster.commitFresh(agent, 100, List.of(first, second));
    assertThat(found()).isEmpty();
    assertThat(cluster.planner.figures().lowLatencyFiles()).isEqualTo(1);
    cluster.passLooking(30_000);
    Assignment.Job job = job();

    assertThat(PlannedCluster.inputs(job)).containsExactly(fresh);
    assertThat(job.runs()).hasSize(2);
    assertThat(cluster.merge(agent, job)).isEqualTo(new SwapOutcome.Swapped());
    assertThat(cluster.extents(first)).allMatch(CompactionPlannerTest::isHigh);
    cluster.collect();
    assertThat(cluster.planner.figures().lowLatencyFiles()).isZero();
    assertThat(found()).isEmpty();
  }

  private static boolean isHigh(Extent extent) {
    return FileTier.of(extent.fileId()) == FileTier.HIGH_LATENCY;
  }

  @Test
  void filesLargerThanAJobAreMovedInSeveral() {
    int half = (int) PlannedCluster.JOB_BYTES / 2;
    cluster.commitFresh(agent, half, List.of(first, second, new PartitionId(topic, 2)));
    cluster.passLooking(70_000);
    int jobs = 0;
    for (Optional<Assignment.Job> job = found(); job.isPresent(); job = found()) {
      assertThat(job.get().runs()).hasSizeBetween(1, 2);
      assertThat(cluster.merge(agent, job.get())).isEqualTo(new SwapOutcome.Swapped());
      jobs++;
    }

    assertThat(jobs).isEqualTo(2);
    assertThat(cluster.extents(new PartitionId(topic, 2))).allMatch(CompactionPlannerTest::isHigh);
  }

  @Test
  void filesOfWhichNothingCanBeMovedTakeNoOthersPlace() {
    List<Long> stuck = new ArrayList<>();
    for (int i = 0; i < CompactionPlanner.JOBS_MAX; i++) {
      stuck.add(cluster.commitFresh(agent, (int) PlannedCluster.JOB_BYTES, List.of(first)));
    }
    long fresh = cluster.commitFresh(agent, 100, List.of(second));
    cluster.passLooking(70_000);
    cluster.planner.sumsDiffered(first, stuck);
    Assignment.Job job = job();

    assertThat(PlannedCluster.inputs(job)).containsExactly(fresh);
    assertThat(cluster.merge(agent, job)).isEqualTo(new SwapOutcome.Swapped());
    cluster.passLooking(700_000);
    assertThat(PlannedCluster.inputs(job())).containsExactly(stuck.getFirst());
  }

  @Test
  void whatIsRewrittenNowIsMovedAfterwards() {
    Set<PartitionId> rewritten = new HashSet<>(Set.of(first));
    cluster.planner.leave(rewritten::contains);
    long fresh = cluster.commitFresh(agent, 100, List.of(first));
    cluster.passLooking(70_000);
    assertThat(found()).isEmpty();
    rewritten.clear();

    assertThat(PlannedCluster.inputs(job())).containsExactly(fresh);
  }

  @Test
  void manyFreshFilesAreMergedBeforeTheyAreDue() {
    for (int i = 0; i < 8; i++) {
      cluster.commitFresh(agent, 100, List.of(first));
    }
    Assignment.Job job = job();

    assertThat(PlannedCluster.inputs(job)).hasSize(8);
    assertThat(cluster.merge(agent, job)).isEqualTo(new SwapOutcome.Swapped());
    assertThat(cluster.extents(first)).hasSize(1).allMatch(CompactionPlannerTest::isHigh);
  }

  @Test
  void aFileWithoutASecondStoreIsNotMovedAlone() {
    commit(1);
    cluster.passLooking(120_000);

    assertThat(found()).isEmpty();
  }

  @Test
  void whatRetentionWillSoonDeleteIsMovedAllTheSame() {
    TopicId brief = cluster.topic("brief", 1, Map.of("retention.ms", "300000"));
    long fresh = cluster.commitFresh(agent, 100, List.of(new PartitionId(brief, 0)));
    cluster.passLooking(70_000);

    assertThat(PlannedCluster.inputs(job())).containsExactly(fresh);
  }

  @Test
  void noInputIsInTwoJobs() {
    AgentId other = cluster.register(2);
    TopicId many = cluster.topic("many", 5);
    for (int i = 0; i < 200; i++) {
      cluster.commit(agent, 100, List.of(new PartitionId(many, i % 5)));
    }
    Assignment.Job job = job();
    Assignment.Job another = (Assignment.Job) cluster.next(other);

    assertThat(PlannedCluster.inputs(job)).hasSize(64);
    assertThat(PlannedCluster.inputs(another))
        .doesNotContainAnyElementsOf(PlannedCluster.inputs(job));
    assertThat(cluster.merge(other, another)).isEqualTo(new SwapOutcome.Swapped());
    assertThat(cluster.merge(agent, job)).isEqualTo(new SwapOutcome.Swapped());
  }

  @Test
  void aJobThatComesToNoEndIsPlannedAgain() {
    commit(8);
    Assignment.Job lost = job();
    AgentId other = cluster.register(2);
    cluster.next(other);
    cluster.passLooking(30_000);
    assertThat(cluster.next(other)).isEqualTo(new Assignment.Nothing());
    cluster.passLooking(60_000);
    Assignment.Job again = found(cluster, other).orElseThrow();

    assertThat(PlannedCluster.inputs(again)).isEqualTo(PlannedCluster.inputs(lost));
    assertThat(cluster.planner.figures().lost()).isEqualTo(1);
    assertThat(cluster.merge(other, again)).isEqualTo(new SwapOutcome.Swapped());
    assertThat(why(cluster.merge(agent, lost))).endsWith("has other extents there now");
  }

  @Test
  void aFileThatCannotBeReadIsLeftAloneForAWhile() {
    commit(9);
    Assignment.Job job = job();
    long damaged = PlannedCluster.inputs(job).get(3);
    cluster.as(Compactions.class).giveUp(agent, job.id(), List.of(damaged, 1L << 40));

    Assignment.Job rest = job();
    assertThat(PlannedCluster.inputs(rest)).hasSize(8).doesNotContain(damaged);
    assertThat(cluster.planner.figures().quarantined()).isEqualTo(1);
    assertThat(cluster.merge(agent, rest)).isEqualTo(new SwapOutcome.Swapped());
    cluster.passLooking(120_000);
    assertThat(cluster.planner.figures().quarantined()).isZero();
  }

  @Test
  void whatHasChangedIsNotSwapped() {
    commit(8);
    Assignment.Job job = job();
    cluster.as(TopicCatalog.class).deleteRecords(List.of(new RecordsBefore(first, 4)));
    assertThat(why(cluster.merge(agent, job))).isEqualTo(first + " has other extents there now");

    Assignment.Job next = found().orElseThrow();
    cluster.as(TopicCatalog.class).delete(topic);
    assertThat(why(cluster.merge(agent, next))).isEqualTo(first + " is gone");
    assertThat(cluster.planner.figures().refused()).isEqualTo(2);
    assertThat(cluster.liveFiles()).isZero();
    assertThat(found()).isEmpty();
  }

  @Test
  void aSwapIsForItsAgentAndMayBeRepeated() {
    AgentId other = cluster.register(2);
    commit(8);
    Assignment.Job job = job();
    Swap swap = PlannedCluster.merged(job, cluster.lease(agent));

    assertThat(why(cluster.swap(other, swap)))
        .isEqualTo("file %d is not this agent's to use, or no longer".formatted(swap.fileId()));
    assertThat(cluster.swap(agent, swap)).isEqualTo(new SwapOutcome.Swapped());
    List<Span> swapped = cluster.spans(first);
    assertThat(cluster.swap(agent, swap)).isEqualTo(new SwapOutcome.Swapped());
    assertThat(cluster.spans(first)).isEqualTo(swapped);
  }

  @Test
  void aFileWhoseIdHasExpiredIsNotSwapped() {
    commit(8);
    Swap swap = PlannedCluster.merged(job(), cluster.lease(agent));
    cluster.state.leases().expire(swap.fileId());

    assertThat(why(cluster.swap(agent, swap)))
        .isEqualTo("file %d is not this agent's to use, or no longer".formatted(swap.fileId()));
  }

  @Test
  void bytesDoNotComeOrGo() {
    commit(8);
    Swap swap = PlannedCluster.merged(job(), cluster.lease(agent));
    SwappedRun run = swap.runs().getFirst();
    Extent one = run.after().getFirst();
    Extent shorter =
        new Extent(
            one.fileId(),
            one.position(),
            one.length() - 100,
            one.baseOffset(),
            one.lastOffset(),
            one.maxTimestampMs(),
            -1);
    List<SwappedRun> runs = new ArrayList<>(swap.runs());
    runs.set(0, new SwappedRun(run.partition(), run.before(), List.of(shorter)));

    assertThat(
            why(cluster.swap(agent, new Swap(swap.job(), swap.fileId(), swap.fileBytes(), runs))))
        .isEqualTo(first + ": 700 bytes would take the place of 800");
  }

  @Test
  void whatRetentionDeletesSoonIsLeftToIt() {
    TopicId brief = cluster.topic("brief", 1, Map.of("retention.ms", "1200000"));
    PartitionId expiring = new PartitionId(brief, 0);
    for (int i = 0; i < 8; i++) {
      cluster.commit(agent, 100, List.of(first, expiring));
    }
    cluster.passLooking(700_000);
    Assignment.Job job = job();

    assertThat(job.runs()).extracting(Run::partition).containsExactly(first);
    assertThat(cluster.merge(agent, job)).isEqualTo(new SwapOutcome.Swapped());
    assertThat(found()).isEmpty();
    assertThat(cluster.spans(expiring)).hasSize(8);
  }

  @Test
  void whatAPartitionHasNoRoomForIsLeftToRetention() {
    TopicId small = cluster.topic("small", 1, Map.of("retention.bytes", "800"));
    PartitionId full = new PartitionId(small, 0);
    for (int i = 0; i < 10; i++) {
      cluster.commit(agent, 100, List.of(full));
    }

    assertThat(PlannedCluster.inputs(job())).hasSize(8);
  }

  @Test
  void aPartitionWithTooManyExtentsIsMergedWhateverElseIsInItsFiles() {
    // Files with too many extents to be merged as a whole.
    PlannedCluster wide = new PlannedCluster(SETTINGS.withFileExtentsMax(0));
    AgentId worker = wide.register(1);
    TopicId many = wide.topic("many", 2);
    PartitionId crowded = new PartitionId(many, 0);
    PartitionId quiet = new PartitionId(many, 1);
    for (int i = 0; i < 60; i++) {
      wide.commit(worker, 100, i < 16 ? List.of(crowded, quiet) : List.of(crowded));
    }
    Assignment.Job job = found(wide, worker).orElseThrow();

    assertThat(job.runs()).extracting(Run::partition).containsExactly(crowded);
    assertThat(job.runs().getFirst().extents()).hasSize(60);
    assertThat(wide.merge(worker, job)).isEqualTo(new SwapOutcome.Swapped());
    assertThat(wide.spans(crowded)).hasSize(1);
    assertThat(wide.spans(quiet)).hasSize(16);
    assertThat(found(wide, worker)).isEmpty();
  }

  @Test
  void aFileThatCannotBeReadHoldsUpNoOtherExtents() {
    PlannedCluster wide = new PlannedCluster(SETTINGS.withFileExtentsMax(0));
    AgentId worker = wide.register(1);
    PartitionId crowded = new PartitionId(wide.topic("crowded", 1), 0);
    for (int i = 0; i < 61; i++) {
      wide.commit(worker, 100, List.of(crowded));
    }
    Assignment.Job job = found(wide, worker).orElseThrow();
    long damaged = PlannedCluster.inputs(job).get(30);
    wide.as(Compactions.class).giveUp(worker, job.id(), List.of(damaged));

    Assignment.Job rest = found(wide, worker).orElseThrow();
    assertThat(PlannedCluster.inputs(rest)).hasSize(30).doesNotContain(damaged);
    assertThat(wide.merge(worker, rest)).isEqualTo(new SwapOutcome.Swapped());
    assertThat(wide.spans(crowded)).hasSize(32);
    assertThat(wide.planner.figures().quarantined()).isEqualTo(1);
  }

  /// Hours of small files, with two agents that merge, forget and die; then quiet.
  ///
  /// @param mixed whether some files are many times as large as others
  @ParameterizedTest
  @CsvSource({"1, true", "2, true", "3, true", "4, false", "5, false", "6, false"})
  void planningEnds(long seed, boolean mixed) {
    Random random = new Random(seed);
    int usual = 200 << random.nextInt(9);
    List<AgentId> agents = List.of(agent, cluster.register(2));
    Map<AgentId, Assignment.Job> working = new HashMap<>();
    long bytes = 0;
    for (int i = 0; i < 3_000; i++) {
      int size =
          mixed
              ? 1 + random.nextInt(1 << (4 + random.nextInt(14)))
              : usual / 2 + random.nextInt(usual);
      int partitions = 1 + random.nextInt(3);
      cluster.commit(
          agent,
          size,
          IntStream.range(0, partitions).mapToObj(p -> new PartitionId(topic, p)).toList());
      bytes += (long) size * partitions;
      cluster.passLooking(1_000L * (1 + random.nextInt(3)));
      work(agents.get(random.nextInt(2)), working, random);
    }
    long largeFiles = bytes / (PlannedCluster.JOB_BYTES / 2);
    assertThat(cluster.liveFiles()).isLessThanOrEqualTo(largeFiles + 120);
    assertThat((long) maxSpans()).isLessThanOrEqualTo(2 * largeFiles + 300);
    working.remove(agents.get(1));
    int quiet = 0;
    int jobs = 0;
    while (quiet < 1_400) {
      boolean worked = work(agent, working, random);
      quiet = worked ? 0 : quiet + 1;
      jobs += worked ? 1 : 0;
      assertThat(jobs).isLessThan(300);
      cluster.passLooking(1_000);
    }
    assertThat(cluster.liveFiles()).isLessThanOrEqualTo(largeFiles + 10);
    for (int p = 0; p < 3; p++) {
      long next = 0;
      for (Span span : cluster.spans(new PartitionId(topic, p))) {
        assertThat(span.baseOffset()).isEqualTo(next);
        next = span.lastOffset() + 1;
      }
      assertThat(next % 3).isZero();
    }
    assertThat(
            IntStream.range(0, 3)
                .mapToLong(
                    p ->
                        cluster.spans(new PartitionId(topic, p)).stream()
                            .mapToLong(Span::length)
                            .sum())
                .sum())
        .isEqualTo(bytes);
  }

  private int maxSpans() {
    return IntStream.range(0, 3)
        .map(p -> cluster.spans(new PartitionId(topic, p)).size())
        .max()
        .orElseThrow();
  }

  /// @return whether something was merged
  private boolean work(AgentId worker, Map<AgentId, Assignment.Job> working, Random random) {
    Assignment.Job had = working.remove(worker);
    if (had != null && random.nextInt(10) != 0) {
      assertThat(cluster.merge(worker, had)).isEqualTo(new SwapOutcome.Swapped());
      return true;
    }
    if (cluster.next(worker) instanceof Assignment.Job job) {
      assertThat(PlannedCluster.inputs(job)).hasSizeBetween(2, 64);
      Set<Place> places = PlannedCluster.places(job);
      working
          .values()
          .forEach(
              other ->
                  assertThat(PlannedCluster.places(other)).doesNotContainAnyElementsOf(places));
      working.put(worker, job);
    }
    return false;
  }
}
