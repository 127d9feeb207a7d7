package io.weft.controlplane.leader.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.model.AgentId;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Which files are moved with which.
final class TierMovesTest {
  private static final CompactionSettings SETTINGS =
      CompactionSettings.STANDARD.withLowLatencyMs(60_000);
  private static final int BATCH_BYTES = 100;

  private final PlannedCluster cluster = new PlannedCluster(SETTINGS);
  private final AgentId agent = cluster.register(1);
  private final TopicId topic = cluster.topic("topic", 2);
  private final TierMoves moves = new TierMoves(SETTINGS);

  private long commit() {
    List<PartitionId> both = List.of(new PartitionId(topic, 0), new PartitionId(topic, 1));
    return cluster.commitFresh(agent, BATCH_BYTES, both);
  }

  private List<List<Long>> groups(long bytesMax, long extentsMax) {
    return moves.groups(cluster.state.logs().files(), bytesMax, _ -> false, 64, extentsMax);
  }

  @Test
  void oneLookHasNoMoreExtentsThanItMayButOneFileAtLeast() {
    long first = commit();
    long second = commit();
    long third = commit();
    for (long lookMs = 0; lookMs <= 120_000; lookMs += 1_000) {
      moves.look(lookMs, cluster.state.logs().files());
    }
    long bytesOfOne = 2 * BATCH_BYTES;

    assertThat(groups(1_000_000, 6)).containsExactly(List.of(first, second, third));
    assertThat(groups(1_000_000, 5)).containsExactly(List.of(first, second));
    assertThat(groups(bytesOfOne, 5)).containsExactly(List.of(first), List.of(second));
    assertThat(groups(bytesOfOne, 1)).containsExactly(List.of(first));
  }
}
