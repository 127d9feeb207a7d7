package io.weft.controlplane.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.api.Producers;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.TopicCatalog.NewTopic;
import io.weft.controlplane.api.UploadedBatches;
import io.weft.controlplane.codec.WireReader;
import io.weft.model.AgentId;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// A producer lives on while its topic is deleted and made anew.
final class TopicMadeAnewTest {
  private static final int MAX = Integer.MAX_VALUE;

  private final TestCluster cluster = new TestCluster();
  private final AgentId agent = cluster.register(1);
  private final long producer = cluster.as(Producers.class).leaseIds(agent, 1_000).first();
  private long fileId = cluster.lease(agent, 10_000);
  private long topicNumber = 1;
  private TopicId topic = create("t", 2);

  private TopicId create(String name, int partitions) {
    TopicId id = new TopicId(9, topicNumber++);
    cluster.as(TopicCatalog.class).create(new NewTopic(id, name, partitions, (short) 1, Map.of()));
    return id;
  }

  private void makeAnew() {
    cluster.as(TopicCatalog.class).delete(topic);
    topic = create("t", 2);
  }

  private void restart() {
    cluster.state = TestCluster.restored(cluster.snapshot());
  }

  private String send(long producerId, int epoch, int sequence, int records) {
    return send(0, producerId, epoch, sequence, records);
  }

  private String send(int partition, long producerId, int epoch, int sequence, int records) {
    RunBuilder run = RunBuilder.run(new PartitionId(topic, partition));
    return TestCluster.told(
            cluster.commit(
                agent, fileId++, run.idempotent(producerId, epoch, sequence, records).build()))
        .getFirst();
  }

  @Test
  void theProducerGoesOn() {
    send(producer, 0, 0, 3);
    send(producer, 0, 3, 2);
    makeAnew();

    assertThat(send(producer, 0, 5, 2)).isEqualTo("PLACED@0");
    assertThat(send(producer, 0, 7, 1)).isEqualTo("PLACED@2");
    assertThat(send(producer, 0, 5, 2)).isEqualTo("DUPLICATE@0");
  }

  /// Batches that came between the two topics are lost to it, and it knows.
  @Test
  void theProducerMayHaveGoneOnMeanwhile() {
    send(producer, 0, 0, 3);
    makeAnew();

    assertThat(send(producer, 0, 900, 2)).isEqualTo("PLACED@0");
  }

  @Test
  void itGoesOnAfterARestartToo() {
    send(producer, 0, 0, 3);
    cluster.as(TopicCatalog.class).delete(topic);
    restart();
    topic = create("t", 2);
    restart();

    assertThat(send(producer, 0, 3, 1)).isEqualTo("PLACED@0");
  }

  @Test
  void itGoesOnAfterSeveralDeletionsOneOfWhichItDidNotSee() {
    send(producer, 0, 0, 3);
    makeAnew();
    makeAnew();
    makeAnew();

    assertThat(send(producer, 0, 3, 1)).isEqualTo("PLACED@0");
    makeAnew();
    assertThat(send(producer, 0, 2, 1)).isEqualTo("OUT_OF_ORDER_SEQUENCE@-1");
    assertThat(send(producer, 0, 4, 1)).isEqualTo("PLACED@0");
  }

  /// The answers to its last batches were lost with the old topic.
  @Test
  void whatWasPlacedInTheOldTopicIsPlacedAgain() {
    send(producer, 0, 0, 3);
    send(producer, 0, 3, 2);
    send(producer, 0, 5, 1);
    makeAnew();

    assertThat(send(producer, 0, 3, 2)).isEqualTo("PLACED@0");
    assertThat(send(producer, 0, 5, 1)).isEqualTo("PLACED@2");
    assertThat(send(producer, 0, 6, 1)).isEqualTo("PLACED@3");
    assertThat(send(producer, 0, 3, 2)).isEqualTo("DUPLICATE@0");
  }

  @Test
  void itIsPlacedAgainAfterARestartToo() {
    send(producer, 0, 0, 3);
    send(producer, 0, 3, 2);
    cluster.as(TopicCatalog.class).delete(topic);
    restart();
    topic = create("t", 2);

    assertThat(send(producer, 0, 3, 2)).isEqualTo("PLACED@0");
    assertThat(send(producer, 0, 5, 1)).isEqualTo("PLACED@2");
  }

  @Test
  void theLastFiveBatchesMayBeSentAgain() {
    for (int sequence = 0; sequence < 7; sequence++) {
      send(producer, 0, sequence, 1);
    }
    makeAnew();

    assertThat(send(producer, 0, 1, 1)).isEqualTo("OUT_OF_ORDER_SEQUENCE@-1");
    assertThat(send(producer, 0, 2, 1)).isEqualTo("PLACED@0");
    assertThat(send(producer, 0, 3, 1)).isEqualTo("PLACED@1");
  }

  @Test
  void onlyBatchesOfTheSameEpochAreSentAgain() {
    send(producer, 0, 0, 1);
    send(producer, 0, 1, 1);
    makeAnew();

    assertThat(send(producer, 1, 1, 1)).isEqualTo("OUT_OF_ORDER_SEQUENCE@-1");
    assertThat(send(producer, 0, 1, 1)).isEqualTo("PLACED@0");
  }

  /// What a first batch that was overtaken by the next one would need.
  @Test
  void aProducerThatTheOldTopicDidNotKnowBeginsWithItsFirstBatch() {
    send(producer, 0, 0, 3);
    makeAnew();

    assertThat(send(producer + 1, 0, 3, 1)).isEqualTo("OUT_OF_ORDER_SEQUENCE@-1");
    assertThat(send(producer + 1, 0, 0, 3)).isEqualTo("PLACED@0");
    assertThat(send(1, producer, 0, 3, 1)).isEqualTo("OUT_OF_ORDER_SEQUENCE@-1");
    assertThat(send(producer, 1, 3, 1)).isEqualTo("OUT_OF_ORDER_SEQUENCE@-1");
  }

  @Test
  void whatLiesBeforeTheEndOfTheOldTopicDoesNotBeginTheNewOne() {
    send(producer, 0, 0, 3);
    send(producer, 0, 3, 3);
    makeAnew();

    assertThat(send(producer, 0, 5, 1)).isEqualTo("OUT_OF_ORDER_SEQUENCE@-1");
    assertThat(send(producer, 0, 1, 1)).isEqualTo("OUT_OF_ORDER_SEQUENCE@-1");
  }

  @Test
  void anotherNamesTopicKnowsNothing() {
    send(producer, 0, 0, 3);
    cluster.as(TopicCatalog.class).delete(topic);
    topic = create("u", 2);

    assertThat(send(producer, 0, 3, 1)).isEqualTo("OUT_OF_ORDER_SEQUENCE@-1");
  }

  @Test
  void sequencesGoOnBehindTheLargest() {
    // Not given out by this cluster: it may begin anywhere, also close to the end.
    long foreign = producer + 5_000;
    send(foreign, 0, MAX - 2, 3);
    cluster.as(Producers.class).leaseIds(agent, 10_000);
    makeAnew();

    assertThat(send(foreign, 0, MAX - 1, 3)).isEqualTo("OUT_OF_ORDER_SEQUENCE@-1");
    assertThat(send(foreign, 0, 4, 1)).isEqualTo("PLACED@0");
  }

  @Test
  void aSequenceThatGoesRoundTheEndGoesOn() {
    long foreign = producer + 5_000;
    send(foreign, 0, MAX - 2, 2);
    cluster.as(Producers.class).leaseIds(agent, 10_000);
    makeAnew();

    assertThat(send(foreign, 0, MAX, 3)).isEqualTo("PLACED@0");
    assertThat(send(foreign, 0, 2, 1)).isEqualTo("PLACED@3");
  }

  @Test
  void aPartitionThatComesLaterGoesOnToo() {
    send(1, producer, 0, 0, 3);
    cluster.as(TopicCatalog.class).delete(topic);
    topic = create("t", 1);
    cluster.as(TopicCatalog.class).grow(topic, 2);

    assertThat(send(1, producer, 0, 3, 1)).isEqualTo("PLACED@0");
  }

  @Test
  void whoIsForgottenMayBeginAnywhereAsInAnyPartition() {
    send(producer + 1, 0, 0, 3);
    cluster.as(TopicCatalog.class).delete(topic);
    cluster.nowMs = 20_000;
    cluster.in().logs().expireProducers(20_000);
    topic = create("t", 2);
    restart();

    assertThat(send(producer + 1, 0, 1, 1)).isEqualTo("PLACED@0");
    assertThat(send(producer + 2, 0, 1, 1)).isEqualTo("OUT_OF_ORDER_SEQUENCE@-1");
  }

  /// The topics deleted longest ago are forgotten first.
  @Test
  void whatIsRememberedHasALimit() {
    send(producer, 0, 0, 3);
    cluster.as(TopicCatalog.class).delete(topic);
    for (int i = 0; i < 11; i++) {
      topic = create("large-" + i, 10_000);
      for (int partition = 0; partition < 10_000; partition += 2_000) {
        RunBuilder[] runs = new RunBuilder[2_000];
        for (int each = 0; each < runs.length; each++) {
          runs[each] =
              RunBuilder.run(new PartitionId(topic, partition + each))
                  .idempotent(producer, 0, 0, 1);
        }
        cluster.commit(
            agent,
            fileId++,
            Arrays.stream(runs).map(RunBuilder::build).toArray(UploadedBatches[]::new));
      }
      cluster.as(TopicCatalog.class).delete(topic);
    }
    restart();

    topic = create("t", 1);
    assertThat(send(producer, 0, 3, 1)).isEqualTo("OUT_OF_ORDER_SEQUENCE@-1");
    topic = create("large-10", 10_000);
    assertThat(send(producer, 0, 1, 1)).isEqualTo("PLACED@0");
  }

  @Test
  void snapshotsOfVersionTwoAreRead() {
    send(producer, 0, 0, 3);
    byte[] three = cluster.snapshot();
    assertThat(three[0]).isEqualTo((byte) 3);
    assertThat(three[three.length - 1]).isZero();
    byte[] two = Arrays.copyOf(three, three.length - 1);
    two[0] = 2;

    ControlPlaneState read = StateSnapshot.read(new WireReader(two));
    assertThat(TestCluster.snapshot(read)).isEqualTo(three);
  }
}
