package io.weft.controlplane.leader.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.TopicCatalog.RecordsBefore;
import io.weft.controlplane.api.file.Compactions.Assignment;
import io.weft.controlplane.api.file.Compactions.Run;
import io.weft.controlplane.api.file.Compactions.SwapOutcome;
import io.weft.model.AgentId;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What becomes of planned jobs that nobody can take, that have changed, or that never succeed.
final class WaitingJobsTest {
  private static final CompactionSettings WHOLE =
      new CompactionSettings(
          8, 64, 10_000, 600_000, 5_000, 60_000, 120_000, 600_000, 600_000, 10_000, 1_000);

  /// Files with too many extents to be merged as a whole.
  private static final CompactionSettings SLICED = WHOLE.withFileExtentsMax(0);

  private PlannedCluster cluster = new PlannedCluster(SLICED);
  private AgentId agent = cluster.register(1);
  private TopicId topic = cluster.topic("topic", 2);
  private final PartitionId first = new PartitionId(topic, 0);
  private final PartitionId second = new PartitionId(topic, 1);

  private void begin(CompactionSettings settings) {
    cluster = new PlannedCluster(settings);
    agent = cluster.register(1);
    topic = cluster.topic("topic", 2);
  }

  private void commit(int files, int bytes) {
    for (int i = 0; i < files; i++) {
      cluster.commit(agent, bytes, List.of(first, second));
    }
  }

  private Optional<Assignment.Job> job() {
    for (int i = 0; i < 40; i++) {
      if (cluster.next(agent) instanceof Assignment.Job job) {
        return Optional.of(job);
      }
      cluster.passLooking(1_000);
    }
    return Optional.empty();
  }

  /// A job is planned, and waits.
  private void plan() {
    cluster.next(agent);
    for (int i = 0; i < 40 && cluster.planner.figures().jobsPlanned() == 0; i++) {
      cluster.passLooking(1_000);
    }
    assertThat(cluster.planner.figures().jobsPlanned()).isPositive();
  }

  private static List<PartitionId> partitions(Assignment.Job job) {
    return job.runs().stream().map(Run::partition).distinct().toList();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aJobThatIsTooLargeForAllThatAskMakesRoomForSmallerOnes(boolean sliced) {
    begin(sliced ? SLICED : WHOLE);
    commit(60, 8_000);
    plan();
    AgentId small = cluster.register(2);
    Assignment found = new Assignment.Nothing();
    for (int i = 0; i < 240 && found instanceof Assignment.Nothing; i++) {
      found = cluster.next(small, 100_000);
      cluster.passLooking(1_000);
    }

    assertThat(found).isInstanceOf(Assignment.Job.class);
    assertThat(cluster.merge(small, (Assignment.Job) found)).isEqualTo(new SwapOutcome.Swapped());
  }

  @Test
  void aJobWaitsForTheLargeAgentThatAsksNowAndThen() {
    commit(60, 8_000);
    plan();
    AgentId small = cluster.register(2);
    for (int i = 0; i < 50; i++) {
      assertThat(cluster.next(small, 10_000)).isEqualTo(new Assignment.Nothing());
      cluster.passLooking(1_000);
    }

    assertThat(cluster.next(agent)).isInstanceOf(Assignment.Job.class);
  }

  @Test
  void extentsWhoseSumsDifferHoldUpNoOtherPartition() {
    cluster.summed.add(first);
    commit(60, 100);
    Assignment.Job both = job().orElseThrow();
    assertThat(partitions(both)).containsExactly(first, second);
    assertThat(cluster.merge(agent, both)).isInstanceOf(SwapOutcome.Refused.class);

    Assignment.Job others = job().orElseThrow();
    assertThat(partitions(others)).containsExactly(second);
    assertThat(cluster.merge(agent, others)).isEqualTo(new SwapOutcome.Swapped());
    assertThat(job()).isEmpty();
    cluster.passLooking(120_000);
    assertThat(partitions(job().orElseThrow())).containsExactly(first);
  }

  @Test
  void whatComesAfterExtentsWhoseSumsDifferIsMerged() {
    cluster.summed.add(first);
    commit(60, 100);
    cluster.merge(agent, job().orElseThrow());
    cluster.merge(agent, job().orElseThrow());
    cluster.summed.clear();
    commit(60, 100);

    Assignment.Job job = job().orElseThrow();
    assertThat(partitions(job)).contains(first);
    assertThat(cluster.merge(agent, job)).isEqualTo(new SwapOutcome.Swapped());
  }

  @Test
  void filesWithSumsThatDifferAreNotMergedAsAWhole() {
    begin(WHOLE);
    cluster.summed.add(first);
    commit(8, 100);
    Assignment.Job refused = job().orElseThrow();
    assertThat(cluster.merge(agent, refused)).isInstanceOf(SwapOutcome.Refused.class);
    assertThat(job()).isEmpty();
    cluster.summed.clear();
    commit(8, 100);

    Assignment.Job job = job().orElseThrow();
    assertThat(PlannedCluster.inputs(job))
        .hasSize(8)
        .doesNotContainAnyElementsOf(PlannedCluster.inputs(refused));
    assertThat(cluster.merge(agent, job)).isEqualTo(new SwapOutcome.Swapped());
  }

  @Test
  void onlyThePartitionsOfASliceAreBusy() {
    long fileId = cluster.commit(agent, 100, List.of(first, second));
    for (int i = 0; i < 60; i++) {
      cluster.commit(agent, 100, List.of(first));
    }
    long later = cluster.commit(agent, 100, List.of(second));
    Assignment.Job job = job().orElseThrow();

    assertThat(partitions(job)).containsExactly(first);
    assertThat(cluster.planner.isBusy(first, fileId)).isTrue();
    assertThat(cluster.planner.isBusy(first, later)).isFalse();
    assertThat(cluster.planner.isBusy(second, fileId)).isFalse();
    cluster.merge(agent, job);
    assertThat(cluster.planner.isBusy(first, fileId)).isFalse();
  }

  @Test
  void allOfAFileIsBusyThatIsMergedAsAWhole() {
    begin(WHOLE);
    commit(8, 100);
    long fileId = PlannedCluster.inputs(job().orElseThrow()).getFirst();

    assertThat(cluster.planner.isBusy(first, fileId)).isTrue();
    assertThat(cluster.planner.isBusy(second, fileId)).isTrue();
  }

  @Test
  void whatIsBeingCleanedIsLeftOutOfASliceThatWaited() {
    commit(60, 100);
    plan();
    cluster.planner.leave(first::equals);

    assertOnlySecondIsMerged();
  }

  @Test
  void whatHasChangedIsLeftOutOfASliceThatWaited() {
    commit(60, 100);
    plan();
    cluster.as(TopicCatalog.class).deleteRecords(List.of(new RecordsBefore(first, 4)));

    assertOnlySecondIsMerged();
  }

  private void assertOnlySecondIsMerged() {
    Assignment.Job job = (Assignment.Job) cluster.next(agent);
    assertThat(partitions(job)).containsExactly(second);
    long fileId = PlannedCluster.inputs(job).getFirst();
    assertThat(cluster.planner.isBusy(first, fileId)).isFalse();
    assertThat(cluster.merge(agent, job)).isEqualTo(new SwapOutcome.Swapped());
    assertThat(cluster.planner.isBusy(second, fileId)).isFalse();
  }
}
