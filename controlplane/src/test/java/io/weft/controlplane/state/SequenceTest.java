package io.weft.controlplane.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.api.FileOutcome;
import io.weft.controlplane.api.Producers;
import io.weft.model.AgentId;
import io.weft.model.PartitionId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Kafka's rules for idempotent producers, asked of the whole state.
final class SequenceTest {
  private static final int MAX = Integer.MAX_VALUE;

  private final TestCluster cluster = new TestCluster();
  private final AgentId agent = cluster.register(1);
  private final PartitionId partition = new PartitionId(cluster.topic("t", 1), 0);
  private long fileId = cluster.lease(agent, 10_000);

  private String send(long producerId, int epoch, int sequence, int records) {
    return told(RunBuilder.run(partition).idempotent(producerId, epoch, sequence, records)).get(0);
  }

  private List<String> told(RunBuilder run) {
    FileOutcome outcome = cluster.commit(agent, fileId++, run.build());
    return TestCluster.told(outcome);
  }

  @Test
  void aProducerOfThisClusterBeginsWithItsFirstBatch() {
    long producer = cluster.as(Producers.class).leaseIds(agent, 10).first();

    assertThat(send(producer, 0, 3, 2)).isEqualTo("OUT_OF_ORDER_SEQUENCE@-1");
    assertThat(send(producer, 0, 0, 3)).isEqualTo("PLACED@0");
    assertThat(send(producer, 0, 3, 2)).isEqualTo("PLACED@3");
  }

  @Test
  void aProducerThatMayBeForgottenMayBeginAnywhere() {
    long producer = cluster.as(Producers.class).leaseIds(agent, 10).first();
    send(producer + 1, 0, 0, 1);
    cluster.nowMs = 20_000;
    cluster.in().logs().expireProducers(20_000);

    assertThat(send(producer + 2, 0, 7, 1)).isEqualTo("OUT_OF_ORDER_SEQUENCE@-1");
    assertThat(send(producer + 1, 0, 1, 1)).isEqualTo("PLACED@1");
    assertThat(send(producer, 0, 7, 1)).isEqualTo("PLACED@2");
  }

  @Test
  void aProducerOfAnotherClusterMayBeginAnywhere() {
    assertThat(send(9, 0, 7, 1)).isEqualTo("PLACED@0");
  }

  /// The series as an Apache Kafka broker answered it, except for the forgotten duplicate.
  @Test
  void theIdempotenceSeriesIsAnsweredAsKafkaDoes() {
    told(RunBuilder.run(partition).batch(6));

    assertThat(send(9, 3, 0, 1)).isEqualTo("PLACED@6");
    assertThat(send(9, 3, 0, 1)).isEqualTo("DUPLICATE@6");
    assertThat(send(9, 3, 2, 1)).isEqualTo("OUT_OF_ORDER_SEQUENCE@-1");
    assertThat(send(9, 2, 1, 1)).isEqualTo("INVALID_PRODUCER_EPOCH@-1");
    assertThat(send(9, 4, 5, 1)).isEqualTo("OUT_OF_ORDER_SEQUENCE@-1");
    for (int sequence = 1; sequence <= 6; sequence++) {
      assertThat(send(9, 3, sequence, 1)).isEqualTo("PLACED@" + (6 + sequence));
    }
    assertThat(send(9, 3, 0, 1)).isEqualTo("DUPLICATE_FORGOTTEN@-1");
    assertThat(send(9, 3, 6, 2)).isEqualTo("OUT_OF_ORDER_SEQUENCE@-1");
    assertThat(send(9, 3, 7, 2)).isEqualTo("PLACED@13");
  }

  @Test
  void theLastFiveBatchesAreRememberedAndNoMore() {
    for (int i = 0; i < 6; i++) {
      send(9, 0, i * 10, 10);
    }

    assertThat(send(9, 0, 0, 10)).isEqualTo("DUPLICATE_FORGOTTEN@-1");
    for (int i = 1; i < 6; i++) {
      assertThat(send(9, 0, i * 10, 10)).isEqualTo("DUPLICATE@" + i * 10);
    }
  }

  @Test
  void aBatchThatOverlapsTheWindowIsOutOfOrder() {
    for (int i = 0; i < 7; i++) {
      send(9, 0, i * 10, 10);
    }

    assertThat(send(9, 0, 10, 11)).isEqualTo("OUT_OF_ORDER_SEQUENCE@-1");
    assertThat(send(9, 0, 10, 10)).isEqualTo("DUPLICATE_FORGOTTEN@-1");
    assertThat(send(9, 0, 20, 9)).isEqualTo("OUT_OF_ORDER_SEQUENCE@-1");
    assertThat(send(9, 0, 69, 1)).isEqualTo("OUT_OF_ORDER_SEQUENCE@-1");
  }

  /// It was never placed, so to call it a duplicate would lose it.
  @Test
  void whatIsOlderThanTheFirstBatchEverIsNoDuplicate() {
    for (int sequence = 100; sequence < 110; sequence++) {
      send(9, 0, sequence, 1);
    }

    assertThat(send(9, 0, 99, 1)).isEqualTo("OUT_OF_ORDER_SEQUENCE@-1");
    assertThat(send(9, 0, 99, 2)).isEqualTo("OUT_OF_ORDER_SEQUENCE@-1");
    assertThat(send(9, 0, 100, 1)).isEqualTo("DUPLICATE_FORGOTTEN@-1");
  }

  @Test
  void sequencesGoOnAtZeroAfterTheLargest() {
    assertThat(send(9, 0, MAX, 1)).isEqualTo("PLACED@0");
    assertThat(send(9, 0, 0, 1)).isEqualTo("PLACED@1");
  }

  @Test
  void aBatchMayReachOverTheWrapAround() {
    assertThat(send(9, 0, MAX - 1, 4)).isEqualTo("PLACED@0");
    assertThat(send(9, 0, 2, 1)).isEqualTo("PLACED@4");
    assertThat(send(9, 0, MAX - 1, 4)).isEqualTo("DUPLICATE@0");
    assertThat(send(9, 0, 1, 1)).isEqualTo("OUT_OF_ORDER_SEQUENCE@-1");
  }

  @Test
  void aDuplicateBeforeTheWrapAroundIsForgottenAfterIt() {
    send(9, 0, MAX - 3, 4);
    for (int sequence = 0; sequence < 5; sequence++) {
      send(9, 0, sequence, 1);
    }

    assertThat(send(9, 0, MAX - 3, 4)).isEqualTo("DUPLICATE_FORGOTTEN@-1");
    assertThat(send(9, 0, MAX - 4, 1)).isEqualTo("OUT_OF_ORDER_SEQUENCE@-1");
    assertThat(send(9, 0, 6, 1)).isEqualTo("OUT_OF_ORDER_SEQUENCE@-1");
  }

  @Test
  void aNewEpochBeginsAtZeroAndForgetsTheOldOne() {
    send(9, 0, 0, 1);
    send(9, 0, 1, 1);

    assertThat(send(9, 1, 0, 1)).isEqualTo("PLACED@2");
    assertThat(send(9, 1, 0, 1)).isEqualTo("DUPLICATE@2");
    assertThat(send(9, 0, 1, 1)).isEqualTo("INVALID_PRODUCER_EPOCH@-1");
    assertThat(send(9, 1, 1, 1)).isEqualTo("PLACED@3");
  }

  /// Else a batch of the new epoch, sent too early after a wrap-around, would be lost.
  @Test
  void whatAnOldEpochForgotIsNoDuplicateOfANewOne() {
    for (int i = 0; i < 8; i++) {
      send(9, 0, i, 1);
    }
    send(9, 1, 0, 1);

    assertThat(send(9, 1, MAX, 1)).isEqualTo("OUT_OF_ORDER_SEQUENCE@-1");
  }

  @Test
  void batchesOfOneFileSeeEachOther() {
    RunBuilder run =
        RunBuilder.run(partition)
            .idempotent(9, 0, 0, 2)
            .idempotent(9, 0, 2, 1)
            .idempotent(9, 0, 0, 2)
            .idempotent(9, 0, 4, 1)
            .idempotent(9, 1, 0, 1)
            .idempotent(9, 0, 3, 1)
            .idempotent(8, 0, 5, 1);

    assertThat(told(run))
        .containsExactly(
            "PLACED@0",
            "PLACED@2",
            "DUPLICATE@0",
            "OUT_OF_ORDER_SEQUENCE@-1",
            "PLACED@3",
            "INVALID_PRODUCER_EPOCH@-1",
            "PLACED@4");
  }

  @Test
  void filesOfOneCommitSeeEachOther() {
    List<FileOutcome> outcomes =
        cluster.commit(
            agent,
            0,
            TestCluster.file(fileId, RunBuilder.run(partition).idempotent(9, 0, 0, 1).build()),
            TestCluster.file(
                fileId + 1,
                RunBuilder.run(partition).idempotent(9, 0, 0, 1).idempotent(9, 0, 1, 1).build()));

    assertThat(TestCluster.told(outcomes.get(0))).containsExactly("PLACED@0");
    assertThat(TestCluster.told(outcomes.get(1))).containsExactly("DUPLICATE@0", "PLACED@1");
  }

  @Test
  void partitionsAndProducersHaveSequencesOfTheirOwn() {
    PartitionId other = new PartitionId(cluster.topic("two", 2), 1);
    send(9, 0, 0, 1);

    assertThat(send(8, 0, 0, 1)).isEqualTo("PLACED@1");
    assertThat(told(RunBuilder.run(other).idempotent(9, 0, 0, 1))).containsExactly("PLACED@0");
  }

  @Test
  void aRefusedBatchUsesNoOffset() {
    send(9, 0, 0, 5);
    send(9, 0, 9, 5);

    assertThat(send(9, 0, 5, 1)).isEqualTo("PLACED@5");
  }

  @Test
  void impossibleEpochsAndSequencesAreRefusedAlone() {
    RunBuilder run =
        RunBuilder.run(partition).idempotent(9, -1, 0, 1).idempotent(9, 0, -1, 1).batch(1);

    assertThat(told(run))
        .containsExactly("INVALID_PRODUCER_EPOCH@-1", "OUT_OF_ORDER_SEQUENCE@-1", "PLACED@0");
  }

  @Test
  void transactionalBatchesOfUnknownProducersAreRefused() {
    assertThat(told(RunBuilder.run(partition).transactional(9, 0, 0, 1).batch(1)))
        .containsExactly("UNKNOWN_PRODUCER@-1", "PLACED@0");
  }

  @Test
  void aDuplicateGetsTheTimeItWasGivenFirst() {
    Map<String, String> settings = Map.of("message.timestamp.type", "LogAppendTime");
    PartitionId stamped = new PartitionId(cluster.topic("stamped", 1, settings), 0);
    RunBuilder run = RunBuilder.run(stamped).idempotent(9, 0, 0, 1);
    told(run);
    cluster.nowMs = 20_000;

    assertThat(told(run)).containsExactly("DUPLICATE@0:10000");
  }

  @Test
  void aProducerUnusedForLongIsForgotten() {
    send(9, 0, 0, 1);
    cluster.nowMs = 20_000;
    send(8, 0, 0, 1);
    cluster.nowMs = 30_000;
    cluster.in().logs().expireProducers(20_000);

    assertThat(send(9, 0, 50, 1)).isEqualTo("PLACED@2");
    assertThat(send(8, 0, 0, 1)).isEqualTo("DUPLICATE@1");
  }

  @Test
  void nothingIsRecordedWhenNoProducerExpires() {
    send(9, 0, 0, 1);
    int before = cluster.records.size();
    cluster.nowMs = 30_000;
    cluster.in().logs().expireProducers(10_000);

    assertThat(cluster.records).hasSize(before);
  }
}
