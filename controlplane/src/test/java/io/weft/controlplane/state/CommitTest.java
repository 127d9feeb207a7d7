package io.weft.controlplane.state;

import static io.weft.controlplane.state.TestCluster.told;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.PartitionBounds;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.UploadedBatches;
import io.weft.controlplane.api.UploadedFile;
import io.weft.model.AgentId;
import io.weft.model.Extent;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// How batches become extents.
final class CommitTest {
  private static final Map<String, String> STAMPED =
      Map.of("message.timestamp.type", "LogAppendTime");

  private final TestCluster cluster = new TestCluster();
  private final AgentId agent = cluster.register(1);
  private final TopicId topic = cluster.topic("t", 4);
  private final PartitionId partition = new PartitionId(topic, 0);
  private final long first = cluster.lease(agent, 10_000);

  @Test
  void adjacentBatchesBecomeOneExtent() {
    UploadedBatches run =
        RunBuilder.run(partition).timed(100, 2, 500).timed(200, 3, 900).timed(50, 1, 700).build();
    cluster.commit(agent, first, run);

    assertThat(cluster.extents(partition))
        .containsExactly(new Extent(first, 16, 350, 0, 5, 900, -1));
    assertThat(cluster.bounds(partition)).isEqualTo(new PartitionBounds(0, 6, 6));
  }

  @Test
  void aRefusedBatchSplitsAnExtent() {
    UploadedBatches run =
        RunBuilder.run(partition).batch(2).transactional(1, 0, 0, 9).batch(3).batch(1).build();
    cluster.commit(agent, first, run);

    assertThat(cluster.extents(partition))
        .containsExactly(
            new Extent(first, 16, 100, 0, 1, 1_000, -1),
            new Extent(first, 216, 200, 2, 5, 1_000, -1));
  }

  @Test
  void runsOfOtherPartitionsMoveThePositionOn() {
    PartitionId next = new PartitionId(topic, 2);
    PartitionId unknown = new PartitionId(topic, 4);
    cluster.commit(
        agent,
        first,
        RunBuilder.run(partition).timed(70, 1, 1).build(),
        RunBuilder.run(unknown).timed(5, 1, 1).build(),
        RunBuilder.run(next).timed(30, 1, 1).build());

    assertThat(cluster.extents(next)).containsExactly(new Extent(first, 91, 30, 0, 0, 1, -1));
  }

  @Test
  void anUnknownPartitionRefusesItsBatchesOnly() {
    UploadedBatches unknown =
        RunBuilder.run(new PartitionId(new TopicId(1, 1), 0)).batch(1).build();
    UploadedBatches beyond = RunBuilder.run(new PartitionId(topic, 4)).batch(1).build();

    assertThat(
            told(
                cluster.commit(
                    agent, first, unknown, beyond, RunBuilder.run(partition).batch(1).build())))
        .containsExactly("UNKNOWN_PARTITION@-1", "UNKNOWN_PARTITION@-1", "PLACED@0");
  }

  @Test
  void timesGivenAtCommitNeverGoBack() {
    PartitionId stamped = new PartitionId(cluster.topic("stamped", 1, STAMPED), 0);
    UploadedBatches run = RunBuilder.run(stamped).timed(10, 2, 99_999_999).build();
    cluster.nowMs = 50_000;
    assertThat(told(cluster.commit(agent, first, run))).containsExactly("PLACED@0:50000");
    TopicId id = stamped.topic();
    cluster.as(TopicCatalog.class).configure(id, 0, Map.of());
    assertThat(told(cluster.commit(agent, first + 1, run))).containsExactly("PLACED@2");
    cluster.as(TopicCatalog.class).configure(id, 1, STAMPED);
    cluster.nowMs = 50_001;
    assertThat(told(cluster.commit(agent, first + 2, run))).containsExactly("PLACED@4:50001");

    assertThat(cluster.extents(stamped))
        .containsExactly(
            new Extent(first, 16, 10, 0, 1, 50_000, 50_000),
            new Extent(first + 1, 16, 10, 2, 3, 99_999_999, -1),
            new Extent(first + 2, 16, 10, 4, 5, 50_001, 50_001));
  }

  @Test
  void offsetsGoFarBeyond32Bits() {
    UploadedBatches huge = RunBuilder.run(partition).batch(Integer.MAX_VALUE).build();
    for (int i = 0; i < 600; i++) {
      cluster.commit(agent, first + i, huge);
    }
    long end = 600L * Integer.MAX_VALUE;
    assertThat(end).isGreaterThan(1L << 40);

    assertThat(told(cluster.commit(agent, first + 600, RunBuilder.run(partition).batch(1).build())))
        .containsExactly("PLACED@" + end);
    assertThat(cluster.bounds(partition).highWatermark()).isEqualTo(end + 1);
    assertThat(cluster.extents(partition).get(600))
        .isEqualTo(new Extent(first + 600, 16, 100, end, end, 1_000, -1));
    assertThat(TestCluster.snapshot(cluster.replica())).isEqualTo(cluster.snapshot());
    assertThat(TestCluster.snapshot(TestCluster.restored(cluster.snapshot())))
        .isEqualTo(cluster.snapshot());
  }

  @Test
  void listenersHearOfEachPartitionThatMoved() {
    cluster.events.clear();
    cluster.commit(
        agent,
        first,
        RunBuilder.run(partition).batch(3).transactional(1, 0, 0, 1).batch(1).build(),
        RunBuilder.run(new PartitionId(topic, 1)).transactional(1, 0, 0, 1).build(),
        RunBuilder.run(new PartitionId(topic, 3)).batch(1).build());

    assertThat(cluster.events).containsExactly("advanced 0 to 4 by 2", "advanced 3 to 1 by 1");
  }

  @Test
  void aFileKnowsHowMuchOfItIsLive() {
    PartitionId other = new PartitionId(cluster.topic("other", 1), 0);
    cluster.commit(
        agent,
        first,
        RunBuilder.run(partition).batch(3).transactional(1, 0, 0, 1).batch(1).build(),
        RunBuilder.run(other).batch(1).build());
    assertThat(cluster.state.logs().files().liveExtents(first)).isEqualTo(3);
    assertThat(cluster.state.logs().files().liveBytes(first)).isEqualTo(300);

    cluster.as(TopicCatalog.class).delete(topic);
    assertThat(cluster.state.logs().files().liveExtents(first)).isEqualTo(1);
    assertThat(cluster.state.logs().files().liveBytes(first)).isEqualTo(100);
  }

  @Test
  void aFileOfRefusedBatchesOnlyIsCommittedAndHasNothingLive() {
    cluster.commit(agent, first, RunBuilder.run(partition).transactional(1, 0, 0, 1).build());

    assertThat(cluster.state.logs().files().liveExtents(first)).isZero();
  }

  @Test
  void whatIsOverALimitIsRejectedAsAWhole() {
    UploadedFile good = TestCluster.file(first, RunBuilder.run(partition).batch(1).build());
    UploadedBatches twice = RunBuilder.run(partition).batch(1).build();
    UploadedFile[] many = new UploadedFile[65];
    Arrays.fill(many, good);
    int before = cluster.records.size();

    assertRejected("65 files", 0, many);
    assertRejected("two runs", 0, good, TestCluster.file(first + 1, twice, twice));
    assertRejected("is settled", first + 1, good, TestCluster.file(first + 1, twice));
    assertRejected("batches up to 116", 0, new UploadedFile(first, 115, 16, List.of(twice)));
    assertRejected("from -1 on", 0, new UploadedFile(first, 500, -1, List.of(twice)));
    assertRejected("100001 runs", 0, file(Collections.nCopies(100_001, twice)));
    assertThat(cluster.records).hasSize(before);
  }

  private UploadedFile file(List<UploadedBatches> runs) {
    return new UploadedFile(first, 1L << 30, 16, runs);
  }

  private void assertRejected(String sentence, long settledBelow, UploadedFile... files) {
    assertThatThrownBy(() -> cluster.commit(agent, settledBelow, files))
        .isInstanceOf(ControlPlaneException.Rejected.class)
        .hasMessageContaining(sentence);
  }
}
