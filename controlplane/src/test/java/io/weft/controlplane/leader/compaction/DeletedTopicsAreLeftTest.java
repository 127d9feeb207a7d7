package io.weft.controlplane.leader.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.file.Compactions.Assignment;
import io.weft.controlplane.api.file.Compactions.SwapOutcome;
import io.weft.controlplane.api.topic.DeletedTopics;
import io.weft.controlplane.api.topic.DeletedTopics.UndeleteOutcome;
import io.weft.model.AgentId;
import io.weft.model.PartitionId;
import io.weft.model.Span;
import io.weft.model.TopicId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Nothing of a deleted topic that can come back is merged, and it comes back as it was.
final class DeletedTopicsAreLeftTest {
  private static final CompactionSettings SETTINGS =
      new CompactionSettings(
          8, 64, 10_000, 600_000, 5_000, 60_000, 120_000, 600_000, 600_000, 10_000, 1_000);

  private final PlannedCluster cluster = new PlannedCluster(SETTINGS);
  private final AgentId agent = cluster.register(1);
  private final TopicId topic = cluster.topic("topic", 1);
  private final PartitionId deleted = new PartitionId(topic, 0);
  private final PartitionId other = new PartitionId(cluster.topic("other", 1), 0);

  @BeforeEach
  void keep() {
    cluster.state.deletion().ledBy(nowMs -> OptionalLong.of(nowMs + 86_400_000));
  }

  private void commit(int files, PartitionId... partitions) {
    for (int i = 0; i < files; i++) {
      cluster.commit(agent, 100, List.of(partitions));
    }
  }

  private void delete() {
    assertThat(cluster.as(TopicCatalog.class).delete(topic)).isTrue();
  }

  private void undelete() {
    assertThat(cluster.as(DeletedTopics.class).undelete(topic, "topic"))
        .isEqualTo(UndeleteOutcome.UNDELETED);
  }

  private void plan() {
    for (int i = 0; i < 40 && cluster.planner.figures().jobsPlanned() == 0; i++) {
      cluster.next(agent);
      cluster.passLooking(1_000);
    }
    assertThat(cluster.planner.figures().jobsPlanned()).isPositive();
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

  @Test
  void whatWasPlannedBeforeIsNotGivenOut() {
    commit(8, deleted);
    plan();
    delete();

    assertThat(cluster.next(agent)).isEqualTo(new Assignment.Nothing());
    assertThat(cluster.planner.figures().jobsPlanned()).isZero();
    undelete();
    assertThat(cluster.merge(agent, job().orElseThrow())).isEqualTo(new SwapOutcome.Swapped());
    assertThat(cluster.spans(deleted)).hasSize(1);
  }

  @Test
  void whatWasGivenOutBeforeIsRefused() {
    commit(8, deleted, other);
    Assignment.Job job = job().orElseThrow();
    List<Span> before = cluster.spans(deleted);
    delete();

    assertThat(cluster.merge(agent, job)).isInstanceOf(SwapOutcome.Refused.class);
    undelete();
    assertThat(cluster.spans(deleted)).isEqualTo(before);
    assertThat(cluster.merge(agent, job().orElseThrow())).isEqualTo(new SwapOutcome.Swapped());
  }

  @Test
  void aFileThatOthersHaveAPartOfIsLeftTooUntilItIsLetGo() {
    commit(8, deleted, other);
    delete();

    assertThat(job()).isEmpty();
    cluster.as(DeletedTopics.class).letGo(topic);
    assertThat(cluster.merge(agent, job().orElseThrow())).isEqualTo(new SwapOutcome.Swapped());
    assertThat(cluster.spans(other)).hasSize(1);
    assertThat(job()).isEmpty();
  }
}
