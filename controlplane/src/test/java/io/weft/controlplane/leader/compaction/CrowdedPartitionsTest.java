package io.weft.controlplane.leader.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.leader.compaction.CrowdedPartitions.Barred;
import io.weft.controlplane.state.partition.PartitionLog;
import io.weft.model.AgentId;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class CrowdedPartitionsTest {
  private static final Barred NOTHING =
      new Barred() {
        @Override
        public boolean isBarred(PartitionId partition, long fileId) {
          return false;
        }

        @Override
        public boolean isLeft(PartitionId partition) {
          return false;
        }

        @Override
        public int doomed(TopicId topic, PartitionLog log) {
          return 0;
        }
      };

  /// A look is for those that may have too many.
  @Test
  void partitionsWithoutTooManyExtentsAreNotLookedThrough() {
    PlannedCluster cluster = new PlannedCluster(CompactionSettings.STANDARD);
    AgentId agent = cluster.register(1);
    TopicId topic = cluster.topic("topic", 10);
    List<PartitionId> partitions =
        IntStream.range(0, 10).mapToObj(each -> new PartitionId(topic, each)).toList();
    for (int i = 0; i < CrowdedPartitions.CROWDED; i++) {
      cluster.commit(agent, 100, partitions);
    }
    CrowdedPartitions turn = turn(cluster);
    assertThat(turn.step(100, 0, 1)).isEmpty();
    assertThat(turn.isDone()).isTrue();
    cluster.commit(agent, 100, partitions.subList(9, 10));

    assertThat(turn(cluster).step(100, 0, 1))
        .singleElement()
        .satisfies(
            job -> assertThat(job.runs().getFirst().partition()).isEqualTo(partitions.getLast()));
  }

  private static CrowdedPartitions turn(PlannedCluster cluster) {
    return new CrowdedPartitions(
        cluster.state.logs(), new JobLeases(), NOTHING, PlannedCluster.JOB_BYTES, 0);
  }
}
