package io.weft.controlplane.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.api.PartitionBounds;
import io.weft.controlplane.api.Producers;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.transaction.ProducerEpoch;
import io.weft.controlplane.api.transaction.TransactionStep;
import io.weft.controlplane.api.transaction.TransactionStep.Caller;
import io.weft.controlplane.api.transaction.Transactions.Outcome;
import io.weft.controlplane.api.transaction.Transactions.Refusal;
import io.weft.controlplane.api.transaction.Transactions.State;
import io.weft.controlplane.state.transaction.OpenTransaction;
import io.weft.model.AgentId;
import io.weft.model.Marker;
import io.weft.model.PartitionId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Which producer may do what with a transaction, rule by rule. Labels in comments are those of
/// Kafka's issues.
final class TransactionTest {
  private final Transacting on = new Transacting();
  private final TestCluster cluster = on.cluster;
  private final AgentId agent = on.agent;
  private final PartitionId first = on.first;
  private final PartitionId second = on.second;
  private final PartitionId third = on.third;

  @Test
  void aNewIdGetsANewProducer() {
    ProducerEpoch producer = on.init();
    assertThat(producer.epoch()).isZero();

    assertThat(on.described().state()).isEqualTo(State.EMPTY);
    assertThat(cluster.as(Producers.class).leaseIds(agent, 1).first())
        .isEqualTo(producer.producerId() + 1);
    assertThat(on.init()).isEqualTo(on.bumped(producer));
  }

  @Test
  void anEndIsOneRecordWithAMarkerInEveryPartition() {
    ProducerEpoch producer = on.init();
    on.placed(first, producer, 0, 3);
    on.placed(second, producer, 0, 1);
    cluster.events.clear();
    int before = cluster.records.size();

    assertThat(on.done(on.end(producer, true, true))).isEqualTo(on.bumped(producer));

    assertThat(cluster.records).hasSize(before + 1);
    assertThat(cluster.bounds(first)).isEqualTo(new PartitionBounds(0, 4, 4));
    assertThat(on.markers(first))
        .containsExactly(new Marker(3, producer.producerId(), (short) 1, true, 0, cluster.nowMs));
    assertThat(on.markers(second))
        .containsExactly(new Marker(1, producer.producerId(), (short) 1, true, 0, cluster.nowMs));
    assertThat(cluster.events)
        .containsExactly(
            "advanced 0 to 4 by 1",
            "advanced 1 to 2 by 1",
            "committed %d:1".formatted(producer.producerId()));
    assertThat(on.described().state()).isEqualTo(State.COMPLETE_COMMIT);
    assertThat(on.described().partitions()).isEmpty();
  }

  @Test
  void aPartitionThatWasAddedGetsAMarkerWithoutRecords() {
    ProducerEpoch producer = on.init();
    assertThat(on.done(on.add(producer, third, first))).isEqualTo(producer);

    assertThat(on.done(on.end(producer, false, false))).isEqualTo(producer);

    assertThat(on.markers(third))
        .containsExactly(new Marker(0, producer.producerId(), (short) 0, false, 0, cluster.nowMs));
    assertThat(on.markers(third).getFirst().aborted()).isEmpty();
  }

  @Test
  void whatWasDeletedInBetweenIsLeftOut() {
    ProducerEpoch producer = on.init();
    on.placed(first, producer, 0, 3);
    PartitionId other = new PartitionId(cluster.topic("u", 1), 0);
    on.placed(other, producer, 0, 1);
    cluster.as(TopicCatalog.class).delete(first.topic());

    assertThat(on.done(on.end(producer, true, true))).isEqualTo(on.bumped(producer));
    assertThat(cluster.bounds(other)).isEqualTo(new PartitionBounds(0, 2, 2));
  }

  /// The series of a transaction as an Apache Kafka broker answered it.
  @Test
  void theSeriesOfAnOldClient() {
    ProducerEpoch producer = on.init();
    ProducerEpoch other = new ProducerEpoch(producer.producerId() + 77, (short) 0);
    assertThat(on.refused(on.end(producer, true, false))).isEqualTo(Refusal.INVALID_STATE);
    assertThat(on.refused(on.add(other, first))).isEqualTo(Refusal.UNKNOWN_PRODUCER);
    assertThat(on.refused(on.add(on.bumped(producer), first))).isEqualTo(Refusal.FENCED);
    assertThat(on.refused(on.add("nobody", producer, first))).isEqualTo(Refusal.UNKNOWN_PRODUCER);
    assertThat(on.place(RunBuilder.run(first).added(producer.producerId(), 0, 0, 1)))
        .containsExactly("NOT_IN_TRANSACTION@-1");
    assertThat(on.done(on.add(producer, first))).isEqualTo(producer);
    assertThat(on.place(RunBuilder.run(first).added(producer.producerId(), 0, 0, 1)))
        .containsExactly("PLACED@0");
    assertThat(on.place(RunBuilder.run(first).idempotent(producer.producerId(), 0, 1, 1)))
        .containsExactly("INVALID_TRANSACTION_STATE@-1");
    assertThat(cluster.bounds(first)).isEqualTo(new PartitionBounds(0, 1, 0));
    assertThat(on.done(on.end(producer, true, false))).isEqualTo(producer);
    assertThat(on.done(on.end(producer, true, false))).isEqualTo(producer);
    assertThat(on.refused(on.end(producer, false, false))).isEqualTo(Refusal.INVALID_STATE);
    ProducerEpoch next = on.init();
    assertThat(next).isEqualTo(on.bumped(producer));
    assertThat(on.refused(on.add(producer, first))).isEqualTo(Refusal.FENCED);
    assertThat(on.place(RunBuilder.run(first).added(producer.producerId(), 0, 1, 1)))
        .containsExactly("INVALID_PRODUCER_EPOCH@-1");
    assertThat(on.refused(on.end(producer, true, false))).isEqualTo(Refusal.FENCED);
    assertThat(on.refused(on.end(other, true, false))).isEqualTo(Refusal.UNKNOWN_PRODUCER);
  }

  /// KAFKA-17754 with an epoch for each transaction.
  @Test
  void aLateEndDoesNotTouchTheNextTransaction() {
    ProducerEpoch producer = on.init();
    on.placed(first, producer, 0, 1);
    ProducerEpoch next = on.done(on.end(producer, true, true));
    assertThat(on.done(on.end(producer, true, true))).isEqualTo(next);
    assertThat(on.placed(first, next, 0, 1)).isEqualTo("PLACED@2");

    assertThat(on.refused(on.end(producer, true, true))).isEqualTo(Refusal.FENCED);

    assertThat(on.described().state()).isEqualTo(State.ONGOING);
    assertThat(cluster.bounds(first)).isEqualTo(new PartitionBounds(0, 3, 2));
    assertThat(on.done(on.end(next, false, true))).isEqualTo(on.bumped(next));
  }

  /// KAFKA-17754 of an old client: its connection tells the late end from its own.
  @Test
  void aLateEndOnASupersededConnectionIsRefused() {
    ProducerEpoch producer = on.init();
    on.done(on.add(producer, first));
    on.connection = 2;
    on.done(on.end(producer, true, false));
    on.done(on.add(producer, first));
    on.place(RunBuilder.run(first).added(producer.producerId(), 0, 0, 1));

    on.connection = 1;
    assertThat(on.refused(on.end(producer, true, false))).isEqualTo(Refusal.SUPERSEDED);
    assertThat(on.described().state()).isEqualTo(State.ONGOING);
    on.connection = 2;
    assertThat(on.done(on.end(producer, false, false))).isEqualTo(producer);
  }

  @Test
  void aLateEndByAnotherAgentIsRefusedIfTheProducerWasThereBefore() {
    ProducerEpoch producer = on.init();
    on.done(on.add(producer, first));
    Caller before = new Caller("pay", new AgentId(1_000), 1);
    Caller now = new Caller("pay", agent, 1);
    on.take(new TransactionStep.AddPartitions(before, producer, List.of(second)));
    on.take(new TransactionStep.AddPartitions(now, producer, List.of(third)));

    assertThat(on.refused(on.take(new TransactionStep.End(before, producer, true, false))))
        .isEqualTo(Refusal.SUPERSEDED);
    assertThat(on.done(on.take(new TransactionStep.End(now, producer, true, false))))
        .isEqualTo(producer);
  }

  /// A client whose coordinator moved away and back, its first connection open all the while. It is
  /// refused there and asks again on a new one, where it is heard.
  @Test
  void aProducerThatCameBackIsHeardOnANewConnection() {
    ProducerEpoch producer = on.init();
    on.done(on.add(producer, first));
    Caller elsewhere = new Caller("pay", new AgentId(1_000), 1);
    on.take(new TransactionStep.AddPartitions(elsewhere, producer, List.of(second)));

    assertThat(on.refused(on.end(producer, true, false))).isEqualTo(Refusal.SUPERSEDED);
    on.connection = 2;
    assertThat(on.done(on.end(producer, true, false))).isEqualTo(producer);
    assertThat(on.markers(first)).hasSize(1);
  }

  /// It makes the producer's own connection look left behind, which a new one mends.
  @Test
  void aLateAddDoesNotFenceTheProducer() {
    ProducerEpoch producer = on.init();
    on.done(on.add(producer, first));
    on.connection = 2;
    on.done(on.add(producer, second));
    on.connection = 1;
    on.done(on.add(producer, third));

    on.connection = 2;
    assertThat(on.refused(on.end(producer, true, false))).isEqualTo(Refusal.SUPERSEDED);
    on.connection = 3;
    assertThat(on.done(on.end(producer, true, false))).isEqualTo(producer);
  }

  /// TxnOffsetCommit of version 5 and EndTxn of version 4 of one client: the versions of the two
  /// are negotiated apart (franz-go does that when one of them is capped), on connections of their
  /// own.
  @Test
  void aCommitOfOffsetsDoesNotSupersedeTheProducersConnection() {
    ProducerEpoch producer = on.init();
    on.done(on.add(producer, first));
    assertThat(on.desk().commitOffsets("pay", producer, "g", true))
        .isEqualTo(new Outcome.Done(producer));
    assertThat(on.done(on.end(producer, true, false))).isEqualTo(producer);

    on.done(on.add(producer, first));
    assertThat(on.done(on.end(producer, true, false))).isEqualTo(producer);
    assertThat(on.markers(first)).hasSize(2);
  }

  @Test
  void anEndOnANewConnectionIsNotLate() {
    ProducerEpoch producer = on.init();
    on.done(on.add(producer, first));
    on.connection = 9;
    assertThat(on.done(on.end(producer, true, false))).isEqualTo(producer);
  }

  /// KIP-890: a producer that cannot know whether anything of it arrived may always abort.
  @Test
  void nothingMayBeAbortedButNotCommitted() {
    ProducerEpoch producer = on.init();
    assertThat(on.refused(on.end(producer, true, true))).isEqualTo(Refusal.INVALID_STATE);
    ProducerEpoch second = on.done(on.end(producer, false, true));
    assertThat(second).isEqualTo(on.bumped(producer));
    assertThat(on.done(on.end(producer, false, true))).isEqualTo(second);

    ProducerEpoch third = on.done(on.end(second, false, true));
    assertThat(third).isEqualTo(on.bumped(second));
    assertThat(on.refused(on.end(third, true, true))).isEqualTo(Refusal.INVALID_STATE);
    assertThat(on.refused(on.end(second, true, true))).isEqualTo(Refusal.FENCED);
  }

  @Test
  void anEndTheOtherWayIsRefused() {
    ProducerEpoch producer = on.init();
    on.placed(first, producer, 0, 1);
    on.done(on.end(producer, true, true));

    assertThat(on.refused(on.end(producer, false, true))).isEqualTo(Refusal.INVALID_STATE);
  }

  @Test
  void aSecondProducerFencesTheFirstAndAbortsItsTransaction() {
    ProducerEpoch old = on.init();
    on.placed(first, old, 0, 2);

    ProducerEpoch next = on.init();

    assertThat(next).isEqualTo(on.bumped(old));
    assertThat(on.markers(first))
        .containsExactly(new Marker(2, old.producerId(), (short) 1, false, 0, cluster.nowMs));
    assertThat(on.described().state()).isEqualTo(State.EMPTY);
    assertThat(on.placed(first, old, 2, 1)).isEqualTo("INVALID_PRODUCER_EPOCH@-1");
    assertThat(on.refused(on.end(old, true, true))).isEqualTo(Refusal.FENCED);
    assertThat(on.refused(on.end(old, false, true))).isEqualTo(Refusal.FENCED);
    assertThat(on.placed(first, next, 0, 1)).isEqualTo("PLACED@3");
  }

  /// KIP-360.
  @Test
  void aProducerGoesOnAfterAnError() {
    ProducerEpoch producer = on.init();
    on.placed(first, producer, 0, 2);
    ProducerEpoch next = on.done(on.init(Optional.of(producer)));
    assertThat(next).isEqualTo(on.bumped(producer));
    assertThat(on.done(on.init(Optional.of(producer)))).isEqualTo(next);
    on.placed(first, next, 0, 1);
    assertThat(on.done(on.init(Optional.of(producer)))).isEqualTo(next);
    assertThat(on.described().state()).isEqualTo(State.ONGOING);

    ProducerEpoch other = on.init();
    assertThat(other).isEqualTo(on.bumped(next));
    assertThat(on.refused(on.init(Optional.of(next)))).isEqualTo(Refusal.FENCED);
    assertThat(on.refused(on.init(Optional.of(producer)))).isEqualTo(Refusal.FENCED);
    assertThat(on.refused(on.init(Optional.of(new ProducerEpoch(99, (short) 3)))))
        .isEqualTo(Refusal.FENCED);
  }

  @Test
  void anUnknownIdTakesWhateverAProducerExpects() {
    assertThat(on.done(on.init(Optional.of(new ProducerEpoch(99, (short) 3)))).epoch()).isZero();
  }

  /// KAFKA-20785: what was aborted over a producer's head is no mistake of its own.
  @Test
  void aCommitThatRacesATimeOutIsFenced() {
    ProducerEpoch producer = on.init();
    on.placed(first, producer, 0, 2);
    on.timeOut();

    assertThat(on.described().state()).isEqualTo(State.COMPLETE_ABORT);
    assertThat(cluster.bounds(first)).isEqualTo(new PartitionBounds(0, 3, 3));
    assertThat(on.placed(first, producer, 2, 1)).isEqualTo("INVALID_PRODUCER_EPOCH@-1");
    assertThat(on.refused(on.end(producer, true, true))).isEqualTo(Refusal.FENCED);
    assertThat(on.done(on.end(producer, false, true))).isEqualTo(on.bumped(producer));
  }

  @Test
  void anOldClientThatTimedOutIsFenced() {
    ProducerEpoch producer = on.init();
    on.done(on.add(producer, first));
    on.timeOut();

    assertThat(on.refused(on.end(producer, true, false))).isEqualTo(Refusal.FENCED);
    assertThat(on.refused(on.end(producer, false, false))).isEqualTo(Refusal.FENCED);
    assertThat(on.refused(on.add(producer, first))).isEqualTo(Refusal.FENCED);
    assertThat(on.refused(on.init(Optional.of(producer)))).isEqualTo(Refusal.FENCED);
    assertThat(on.init()).isEqualTo(on.bumped(on.bumped(producer)));
  }

  @Test
  void aTimerThatIsLateItselfAbortsNothingElse() {
    ProducerEpoch producer = on.init();
    on.placed(first, producer, 0, 2);
    OpenTransaction late = cluster.state.transactions().open().getFirst();
    ProducerEpoch next = on.done(on.end(producer, true, true));
    cluster.nowMs += 5;
    on.placed(first, next, 0, 2);
    int before = cluster.records.size();

    cluster.in().transactions().timeOut(late);

    assertThat(cluster.records).hasSize(before);
  }
}
