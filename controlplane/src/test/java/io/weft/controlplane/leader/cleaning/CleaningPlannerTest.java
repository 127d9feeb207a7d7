package io.weft.controlplane.leader.cleaning;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.api.file.Cleanings;
import io.weft.controlplane.api.file.Cleanings.Assignment;
import io.weft.controlplane.api.file.Compactions.Swap;
import io.weft.controlplane.api.file.Compactions.SwapOutcome;
import io.weft.model.Extent;
import io.weft.model.PartitionId;
import io.weft.model.Span;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class CleaningPlannerTest {
  private static final int BYTES = 1_000;

  private final CompactedCluster cluster =
      new CompactedCluster(
          new CleaningSettings(2 * BYTES, 10_000, 600_000, 5_000, 300_000, 900_000, 7));

  private final PartitionId compacted =
      cluster.topic("compacted", Map.of("cleanup.policy", "compact"));

  private void commit(PartitionId partition, int files) {
    for (int i = 0; i < files; i++) {
      cluster.commit(partition, BYTES, -1);
    }
  }

  private Assignment.Job job() {
    Assignment asked = cluster.asked();
    assertThat(asked).isInstanceOf(Assignment.Job.class);
    return (Assignment.Job) asked;
  }

  @Test
  void whatIsDirtyIsCleanedUpToItsEnd() {
    commit(compacted, 4);
    Assignment.Job job = job();

    assertThat(job.partition()).isEqualTo(compacted);
    assertThat(job.dirtyFrom()).isZero();
    assertThat(job.end()).isEqualTo(12);
    assertThat(job.deleteRetentionMs()).isEqualTo(86_400_000);
    assertThat(cluster.clean(job)).isEqualTo(new SwapOutcome.Swapped());
    assertThat(cluster.spans(compacted)).hasSize(1);
    assertThat(cluster.planner.figures().swapped()).isEqualTo(1);
  }

  @Test
  void whatIsCleanIsNotCleanedAgain() {
    commit(compacted, 4);
    cluster.clean(job());

    assertThat(cluster.asked()).isEqualTo(new Assignment.Nothing());
  }

  /// It can come back, as it was.
  @Test
  void whatWasGivenOutOfADeletedTopicIsRefused() {
    commit(compacted, 4);
    Assignment.Job job = job();
    List<Span> before = cluster.spans(compacted);
    Swap swap =
        cluster.cleaned(job, before.stream().map(Extent.class::cast).toList(), Extent.Offsets.OWN);
    cluster.keep(compacted);

    assertThat(cluster.swap(swap)).isInstanceOf(SwapOutcome.Refused.class);
    assertThat(cluster.asked()).isEqualTo(new Assignment.Nothing());
    cluster.bringBack(compacted, "compacted");
    assertThat(cluster.spans(compacted)).isEqualTo(before);
    assertThat(job().partition()).isEqualTo(compacted);
  }

  @Test
  void whatWasPlannedOfADeletedTopicIsNotGivenOut() {
    PartitionId other = cluster.topic("other", Map.of("cleanup.policy", "compact"));
    commit(compacted, 5);
    commit(other, 4);
    cluster.next();
    for (int i = 0; i < 60 && cluster.planner.figures().planned() < 2; i++) {
      cluster.pass(1_000);
    }
    assertThat(cluster.planner.figures().planned()).isEqualTo(2);
    cluster.keep(compacted);

    assertThat(cluster.next())
        .isInstanceOfSatisfying(
            Assignment.Job.class, job -> assertThat(job.partition()).isEqualTo(other));
    assertThat(cluster.next()).isEqualTo(new Assignment.Nothing());
  }

  @Test
  void aTopicThatIsNotCompactedIsLeftAlone() {
    commit(cluster.topic("plain", Map.of()), 4);

    assertThat(cluster.asked()).isEqualTo(new Assignment.Nothing());
  }

  @Test
  void theRatioOfTheTopicCounts() {
    commit(compacted, 8);
    cluster.clean(job());
    // 4,000 bytes are clean.
    commit(compacted, 4);
    assertThat(cluster.asked()).isEqualTo(new Assignment.Nothing());
    commit(compacted, 1);

    Assignment.Job job = job();
    assertThat(job.dirtyFrom()).isEqualTo(24);
    assertThat(job.end()).isEqualTo(39);
  }

  @Test
  void whatIsYoungerThanItsTopicWantsIsLeftAlone() {
    PartitionId lagging =
        cluster.topic(
            "lagging", Map.of("cleanup.policy", "compact", "min.compaction.lag.ms", "100000"));
    commit(lagging, 4);
    assertThat(cluster.asked()).isEqualTo(new Assignment.Nothing());
    cluster.pass(60_000);
    commit(lagging, 4);

    assertThat(job().end()).isEqualTo(12);
  }

  @Test
  void whatIsOlderThanItsTopicWantsIsCleanedThoughItIsLittle() {
    PartitionId impatient =
        cluster.topic(
            "impatient",
            Map.of(
                "cleanup.policy", "compact,delete",
                "min.cleanable.dirty.ratio", "1",
                "max.compaction.lag.ms", "100000"));
    commit(impatient, 1);
    assertThat(cluster.asked()).isEqualTo(new Assignment.Nothing());
    cluster.pass(60_000);

    assertThat(job().partition()).isEqualTo(impatient);
  }

  @Test
  void littleIsCleanedWhenItIsAged() {
    commit(compacted, 1);
    assertThat(cluster.asked()).isEqualTo(new Assignment.Nothing());
    Assignment next = cluster.next();
    for (int i = 0; i < 30 && next instanceof Assignment.Nothing; i++) {
      cluster.pass(30_000);
      next = cluster.next();
    }
    assertThat(next).isInstanceOf(Assignment.Job.class);
  }

  @Test
  void whatIsBeingMergedEndsWhatCanBeCleaned() {
    commit(compacted, 3);
    cluster.busy.add(cluster.commit(compacted, BYTES, -1));
    commit(compacted, 3);

    assertThat(job().end()).isEqualTo(9);
  }

  @Test
  void aPartitionIsInOneJobAtATime() {
    commit(compacted, 4);
    Assignment.Job job = job();
    assertThat(cluster.planner.isBeingCleaned(job.partition())).isTrue();
    cluster.pass(30_000);

    assertThat(cluster.planner.figures().planned()).isEqualTo(1);
  }

  @Test
  void aPartitionThatCannotBeCleanedIsLeftAloneForAWhile() {
    commit(compacted, 4);
    cluster.as(Cleanings.class).giveUp(cluster.agent, job().id(), true);
    assertThat(cluster.planner.figures().quarantined()).isEqualTo(1);
    assertThat(cluster.asked()).isEqualTo(new Assignment.Nothing());
    cluster.pass(900_000);

    assertThat(job().partition()).isEqualTo(compacted);
  }

  @Test
  void aPartitionWhoseSumsDifferIsLeftAloneForAWhile() {
    cluster.summed.add(compacted);
    commit(compacted, 4);
    Assignment.Job job = job();
    assertThat(cluster.clean(job)).isInstanceOf(SwapOutcome.Refused.class);
    cluster.as(Cleanings.class).giveUp(cluster.agent, job.id(), false);

    assertThat(cluster.planner.figures().quarantined()).isEqualTo(1);
    assertThat(cluster.asked()).isEqualTo(new Assignment.Nothing());
    PartitionId other = cluster.topic("other", Map.of("cleanup.policy", "compact"));
    commit(other, 4);
    Assignment next = cluster.next();
    for (int i = 0; i < 60 && next instanceof Assignment.Nothing; i++) {
      cluster.pass(1_000);
      next = cluster.next();
    }
    assertThat(cluster.clean((Assignment.Job) next)).isEqualTo(new SwapOutcome.Swapped());
    cluster.pass(900_000);
    assertThat(job().partition()).isEqualTo(compacted);
  }

  @Test
  void aSwapIsRefusedWhereTheLogWouldBeDenseAgain() {
    commit(compacted, 4);
    Assignment.Job job = job();
    List<Extent> before = cluster.spans(compacted).stream().map(Extent.class::cast).toList();

    assertThat(cluster.swap(cluster.cleaned(job, before, Extent.Offsets.DENSE)))
        .isInstanceOf(SwapOutcome.Refused.class);
    assertThat(cluster.spans(compacted)).isEqualTo(before);
  }

  @Test
  void aSwapIsRefusedWhereItsTopicIsNotCompacted() {
    PartitionId plain = cluster.topic("plain", Map.of());
    commit(plain, 4);
    Assignment.Job job = new Assignment.Job(1, plain, 0, 12, 0, 0);

    assertThat(cluster.clean(job)).isInstanceOf(SwapOutcome.Refused.class);
    assertThat(cluster.spans(plain)).hasSize(4);
  }

  @Test
  void aSwapIsRefusedWhereWhatItReplacesHasChanged() {
    commit(compacted, 4);
    Assignment.Job job = job();
    List<Extent> before = cluster.spans(compacted).stream().map(Extent.class::cast).toList();
    cluster.clean(job);

    assertThat(cluster.swap(cluster.cleaned(job, before, Extent.Offsets.OWN)))
        .isInstanceOf(SwapOutcome.Refused.class);
  }

  /// Whatever comes, cleaning ends when nothing comes any more.
  @Test
  void planningEnds() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 200; i++) {
      if (random.nextBoolean()) {
        cluster.commit(compacted, 1 + random.nextInt(5 * BYTES), -1);
      }
      if (cluster.next() instanceof Assignment.Job job) {
        cluster.clean(job);
      }
      cluster.pass(random.nextInt(20_000));
    }
    int rounds = 0;
    int idle = 0;
    while (idle < 50) {
      assertThat(rounds).as("seed %d", seed).isLessThan(10);
      if (cluster.next() instanceof Assignment.Job job) {
        cluster.clean(job);
        rounds++;
        idle = 0;
      }
      idle++;
      cluster.pass(20_000);
    }
  }
}
