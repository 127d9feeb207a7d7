package io.weft.controlplane.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.api.PartitionBounds;
import io.weft.controlplane.api.ProducerEpoch;
import io.weft.controlplane.api.TransactionStep;
import io.weft.controlplane.api.TransactionStep.Asker;
import io.weft.controlplane.api.Transactions.ActiveProducer;
import io.weft.controlplane.api.Transactions.Description;
import io.weft.controlplane.api.Transactions.Filter;
import io.weft.controlplane.api.Transactions.Outcome;
import io.weft.controlplane.api.Transactions.Refusal;
import io.weft.controlplane.api.Transactions.State;
import io.weft.controlplane.api.admin.Quorum;
import io.weft.controlplane.command.Command;
import io.weft.controlplane.state.transaction.OpenTransaction;
import io.weft.controlplane.state.transaction.TransactionDesk;
import io.weft.model.AgentId;
import io.weft.model.Extent;
import io.weft.model.Marker;
import io.weft.model.PartitionId;
import io.weft.model.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The rules of transactions, one by one. Labels in comments are those of Kafka's issues.
final class TransactionTest {
  private static final String ID = "pay";
  private static final int TIMEOUT_MS = 60_000;

  private final TestCluster cluster = new TestCluster();
  private final AgentId agent = cluster.register(1);
  private final PartitionId first = new PartitionId(cluster.topic("t", 3), 0);
  private final PartitionId second = new PartitionId(first.topic(), 1);
  private final PartitionId third = new PartitionId(first.topic(), 2);
  private long nextFile = cluster.lease(agent, 10_000);
  private int connection = 1;

  @Test
  void aNewIdGetsANewProducer() {
    ProducerEpoch producer = init();
    assertThat(producer.epoch()).isZero();

    assertThat(described().state()).isEqualTo(State.EMPTY);
    assertThat(cluster.ask(new Command.LeaseProducerIds(agent, 1)).first())
        .isEqualTo(producer.producerId() + 1);
    assertThat(init()).isEqualTo(bumped(producer));
  }

  @Test
  void aBatchBeginsItsTransactionAndHoldsBackTheStableOffset() {
    ProducerEpoch producer = init();
    place(RunBuilder.run(first).batch(2));

    assertThat(placed(first, producer, 0, 3)).isEqualTo("PLACED@2");
    place(RunBuilder.run(first).batch(4));

    assertThat(described().state()).isEqualTo(State.ONGOING);
    assertThat(described().partitions()).containsExactly(first);
    assertThat(cluster.bounds(first)).isEqualTo(new PartitionBounds(0, 9, 2));
    assertThat(cluster.bounds(second)).isEqualTo(new PartitionBounds(0, 0, 0));
  }

  @Test
  void anEndIsOneRecordWithAMarkerInEveryPartition() {
    ProducerEpoch producer = init();
    placed(first, producer, 0, 3);
    placed(second, producer, 0, 1);
    cluster.events.clear();
    int before = cluster.records.size();

    assertThat(done(end(producer, true, true))).isEqualTo(bumped(producer));

    assertThat(cluster.records).hasSize(before + 1);
    assertThat(cluster.bounds(first)).isEqualTo(new PartitionBounds(0, 4, 4));
    assertThat(markers(first))
        .containsExactly(new Marker(3, producer.producerId(), (short) 1, true, 0, cluster.nowMs));
    assertThat(markers(second))
        .containsExactly(new Marker(1, producer.producerId(), (short) 1, true, 0, cluster.nowMs));
    assertThat(cluster.events)
        .containsExactly(
            "advanced 0 to 4 by 1",
            "advanced 1 to 2 by 1",
            "committed %d:1".formatted(producer.producerId()));
    assertThat(described().state()).isEqualTo(State.COMPLETE_COMMIT);
    assertThat(described().partitions()).isEmpty();
  }

  @Test
  void aPartitionThatWasAddedGetsAMarkerWithoutRecords() {
    ProducerEpoch producer = init();
    assertThat(done(add(producer, third, first))).isEqualTo(producer);

    assertThat(done(end(producer, false, false))).isEqualTo(producer);

    assertThat(markers(third))
        .containsExactly(new Marker(0, producer.producerId(), (short) 0, false, 0, cluster.nowMs));
    assertThat(markers(third).getFirst().aborted()).isEmpty();
  }

  @Test
  void whatWasDeletedInBetweenIsLeftOut() {
    ProducerEpoch producer = init();
    placed(first, producer, 0, 3);
    PartitionId other = new PartitionId(cluster.topic("u", 1), 0);
    placed(other, producer, 0, 1);
    cluster.ask(new Command.DeleteTopic(first.topic()));

    assertThat(done(end(producer, true, true))).isEqualTo(bumped(producer));
    assertThat(cluster.bounds(other)).isEqualTo(new PartitionBounds(0, 2, 2));
  }

  @Test
  void theStableOffsetIsThatOfTheOldestOpenTransaction() {
    ProducerEpoch one = init("one");
    ProducerEpoch two = init("two");
    placed(first, one, 0, 2);
    placed(first, two, 0, 2);
    place(RunBuilder.run(first).batch(1));
    assertThat(cluster.bounds(first).lastStableOffset()).isZero();

    done(end("one", one, true, true));
    assertThat(cluster.bounds(first)).isEqualTo(new PartitionBounds(0, 6, 2));
    done(end("two", two, false, true));
    assertThat(cluster.bounds(first)).isEqualTo(new PartitionBounds(0, 7, 7));
  }

  /// X5 of Kafka's answers, in its order.
  @Test
  void theSeriesOfAnOldClient() {
    ProducerEpoch producer = init();
    ProducerEpoch other = new ProducerEpoch(producer.producerId() + 77, (short) 0);
    assertThat(refused(end(producer, true, false))).isEqualTo(Refusal.INVALID_STATE);
    assertThat(refused(add(other, first))).isEqualTo(Refusal.UNKNOWN_PRODUCER);
    assertThat(refused(add(bumped(producer), first))).isEqualTo(Refusal.FENCED);
    assertThat(refused(add("nobody", producer, first))).isEqualTo(Refusal.UNKNOWN_PRODUCER);
    assertThat(place(RunBuilder.run(first).added(producer.producerId(), 0, 0, 1)))
        .containsExactly("NOT_IN_TRANSACTION@-1");
    assertThat(done(add(producer, first))).isEqualTo(producer);
    assertThat(place(RunBuilder.run(first).added(producer.producerId(), 0, 0, 1)))
        .containsExactly("PLACED@0");
    assertThat(place(RunBuilder.run(first).idempotent(producer.producerId(), 0, 1, 1)))
        .containsExactly("INVALID_TRANSACTION_STATE@-1");
    assertThat(cluster.bounds(first)).isEqualTo(new PartitionBounds(0, 1, 0));
    assertThat(done(end(producer, true, false))).isEqualTo(producer);
    assertThat(done(end(producer, true, false))).isEqualTo(producer);
    assertThat(refused(end(producer, false, false))).isEqualTo(Refusal.INVALID_STATE);
    ProducerEpoch next = init();
    assertThat(next).isEqualTo(bumped(producer));
    assertThat(refused(add(producer, first))).isEqualTo(Refusal.FENCED);
    assertThat(place(RunBuilder.run(first).added(producer.producerId(), 0, 1, 1)))
        .containsExactly("INVALID_PRODUCER_EPOCH@-1");
    assertThat(refused(end(producer, true, false))).isEqualTo(Refusal.FENCED);
    assertThat(refused(end(other, true, false))).isEqualTo(Refusal.UNKNOWN_PRODUCER);
  }

  /// P42.
  @Test
  void aTransactionalBatchOfNobodyIsRefused() {
    assertThat(place(RunBuilder.run(first).transactional(4_711, 0, 0, 1)))
        .containsExactly("UNKNOWN_PRODUCER@-1");
    assertThat(place(RunBuilder.run(first).transactional(-1, -1, -1, 1)))
        .containsExactly("UNKNOWN_PRODUCER@-1");
  }

  /// KAFKA-17754 with an epoch for each transaction (X7).
  @Test
  void aLateEndDoesNotTouchTheNextTransaction() {
    ProducerEpoch producer = init();
    placed(first, producer, 0, 1);
    ProducerEpoch next = done(end(producer, true, true));
    assertThat(done(end(producer, true, true))).isEqualTo(next);
    assertThat(placed(first, next, 0, 1)).isEqualTo("PLACED@2");

    assertThat(refused(end(producer, true, true))).isEqualTo(Refusal.FENCED);

    assertThat(described().state()).isEqualTo(State.ONGOING);
    assertThat(cluster.bounds(first)).isEqualTo(new PartitionBounds(0, 3, 2));
    assertThat(done(end(next, false, true))).isEqualTo(bumped(next));
  }

  /// KAFKA-17754 of an old client (X6): its connection tells the late end from its own.
  @Test
  void aLateEndOnASupersededConnectionIsRefused() {
    ProducerEpoch producer = init();
    done(add(producer, first));
    connection = 2;
    done(end(producer, true, false));
    done(add(producer, first));
    place(RunBuilder.run(first).added(producer.producerId(), 0, 0, 1));

    connection = 1;
    assertThat(refused(end(producer, true, false))).isEqualTo(Refusal.FENCED);
    assertThat(described().state()).isEqualTo(State.ONGOING);
    connection = 2;
    assertThat(done(end(producer, false, false))).isEqualTo(producer);
  }

  @Test
  void aLateEndByAnotherAgentIsRefusedIfTheProducerWasThereBefore() {
    ProducerEpoch producer = init();
    done(add(producer, first));
    Asker before = new Asker(ID, new AgentId(1_000), 1);
    Asker now = new Asker(ID, agent, 1);
    take(new TransactionStep.AddPartitions(before, producer, List.of(second)));
    take(new TransactionStep.AddPartitions(now, producer, List.of(third)));

    assertThat(refused(take(new TransactionStep.End(before, producer, true, false))))
        .isEqualTo(Refusal.FENCED);
    assertThat(done(take(new TransactionStep.End(now, producer, true, false)))).isEqualTo(producer);
  }

  @Test
  void anEndOnANewConnectionIsNotLate() {
    ProducerEpoch producer = init();
    done(add(producer, first));
    connection = 9;
    assertThat(done(end(producer, true, false))).isEqualTo(producer);
  }

  /// KIP-890: a producer that cannot know whether anything of it arrived may always abort.
  @Test
  void nothingMayBeAbortedButNotCommitted() {
    ProducerEpoch producer = init();
    assertThat(refused(end(producer, true, true))).isEqualTo(Refusal.INVALID_STATE);
    ProducerEpoch second = done(end(producer, false, true));
    assertThat(second).isEqualTo(bumped(producer));
    assertThat(done(end(producer, false, true))).isEqualTo(second);

    ProducerEpoch third = done(end(second, false, true));
    assertThat(third).isEqualTo(bumped(second));
    assertThat(refused(end(third, true, true))).isEqualTo(Refusal.INVALID_STATE);
    assertThat(refused(end(second, true, true))).isEqualTo(Refusal.FENCED);
  }

  @Test
  void anEndTheOtherWayIsRefused() {
    ProducerEpoch producer = init();
    placed(first, producer, 0, 1);
    done(end(producer, true, true));

    assertThat(refused(end(producer, false, true))).isEqualTo(Refusal.INVALID_STATE);
  }

  @Test
  void aSecondProducerFencesTheFirstAndAbortsItsTransaction() {
    ProducerEpoch old = init();
    placed(first, old, 0, 2);

    ProducerEpoch next = init();

    assertThat(next).isEqualTo(bumped(old));
    assertThat(markers(first))
        .containsExactly(new Marker(2, old.producerId(), (short) 1, false, 0, cluster.nowMs));
    assertThat(described().state()).isEqualTo(State.EMPTY);
    assertThat(placed(first, old, 2, 1)).isEqualTo("INVALID_PRODUCER_EPOCH@-1");
    assertThat(refused(end(old, true, true))).isEqualTo(Refusal.FENCED);
    assertThat(refused(end(old, false, true))).isEqualTo(Refusal.FENCED);
    assertThat(placed(first, next, 0, 1)).isEqualTo("PLACED@3");
  }

  /// KIP-360.
  @Test
  void aProducerGoesOnAfterAnError() {
    ProducerEpoch producer = init();
    placed(first, producer, 0, 2);
    ProducerEpoch next = done(init(Optional.of(producer)));
    assertThat(next).isEqualTo(bumped(producer));
    assertThat(done(init(Optional.of(producer)))).isEqualTo(next);
    placed(first, next, 0, 1);
    assertThat(done(init(Optional.of(producer)))).isEqualTo(next);
    assertThat(described().state()).isEqualTo(State.ONGOING);

    ProducerEpoch other = init();
    assertThat(other).isEqualTo(bumped(next));
    assertThat(refused(init(Optional.of(next)))).isEqualTo(Refusal.FENCED);
    assertThat(refused(init(Optional.of(producer)))).isEqualTo(Refusal.FENCED);
    assertThat(refused(init(Optional.of(new ProducerEpoch(99, (short) 3)))))
        .isEqualTo(Refusal.FENCED);
  }

  @Test
  void anUnknownIdTakesWhateverAProducerExpects() {
    assertThat(done(init(Optional.of(new ProducerEpoch(99, (short) 3)))).epoch()).isZero();
  }

  /// KAFKA-20785: what was aborted over a producer's head is no mistake of its own.
  @Test
  void aCommitThatRacesATimeOutIsFenced() {
    ProducerEpoch producer = init();
    placed(first, producer, 0, 2);
    timeOut();

    assertThat(described().state()).isEqualTo(State.COMPLETE_ABORT);
    assertThat(cluster.bounds(first)).isEqualTo(new PartitionBounds(0, 3, 3));
    assertThat(placed(first, producer, 2, 1)).isEqualTo("INVALID_PRODUCER_EPOCH@-1");
    assertThat(refused(end(producer, true, true))).isEqualTo(Refusal.FENCED);
    assertThat(done(end(producer, false, true))).isEqualTo(bumped(producer));
  }

  @Test
  void anOldClientThatTimedOutIsFenced() {
    ProducerEpoch producer = init();
    done(add(producer, first));
    timeOut();

    assertThat(refused(end(producer, true, false))).isEqualTo(Refusal.FENCED);
    assertThat(refused(end(producer, false, false))).isEqualTo(Refusal.FENCED);
    assertThat(refused(add(producer, first))).isEqualTo(Refusal.FENCED);
    assertThat(refused(init(Optional.of(producer)))).isEqualTo(Refusal.FENCED);
    assertThat(init()).isEqualTo(bumped(bumped(producer)));
  }

  @Test
  void aTimerThatIsLateItselfAbortsNothingElse() {
    ProducerEpoch producer = init();
    placed(first, producer, 0, 2);
    OpenTransaction late = cluster.state.openTransactions().getFirst();
    ProducerEpoch next = done(end(producer, true, true));
    cluster.nowMs += 5;
    placed(first, next, 0, 2);
    int before = cluster.records.size();

    cluster.state.expireTransaction(late, cluster.nowMs, cluster.records, cluster);

    assertThat(cluster.records).hasSize(before);
  }

  @Test
  void anExhaustedEpochMakesANewProducer() {
    ProducerEpoch last = exhausted();
    placed(first, last, 0, 1);
    ProducerEpoch next = done(end(last, true, true));

    assertThat(next.epoch()).isZero();
    assertThat(next.producerId()).isNotEqualTo(last.producerId());
    assertThat(markers(first).getLast().producerEpoch()).isEqualTo(Short.MAX_VALUE);
    assertThat(done(end(last, true, true))).isEqualTo(next);
    assertThat(placed(first, last, 1, 1)).isEqualTo("UNKNOWN_PRODUCER@-1");
    assertThat(placed(first, next, 0, 1)).startsWith("PLACED");
    assertThat(refused(end(last, true, true))).isEqualTo(Refusal.UNKNOWN_PRODUCER);
  }

  /// KAFKA-19367, KAFKA-20090.
  @Test
  void fencingAnExhaustedEpochDoesNotOverflow() {
    ProducerEpoch last = exhausted();
    placed(first, last, 0, 1);
    ProducerEpoch next = init();
    assertThat(next.epoch()).isZero();
    assertThat(next.producerId()).isNotEqualTo(last.producerId());
    assertThat(markers(first).getLast().producerEpoch()).isEqualTo(Short.MAX_VALUE);

    ProducerEpoch again = exhausted();
    placed(first, again, 0, 1);
    timeOut();
    assertThat(refused(end(again, true, true))).isEqualTo(Refusal.FENCED);
    ProducerEpoch after = done(end(again, false, true));
    assertThat(after.epoch()).isZero();
    assertThat(after.producerId()).isNotEqualTo(again.producerId());
  }

  @Test
  void aProducerThatGoesOnAtTheLastEpochMayAskAgain() {
    ProducerEpoch last = exhausted();
    ProducerEpoch next = done(init(Optional.of(last)));
    assertThat(next.epoch()).isZero();
    assertThat(done(init(Optional.of(last)))).isEqualTo(next);
  }

  /// A batch that was aborted is not there: whoever sends it again must not be told it is.
  @Test
  void anAbortedBatchIsNoDuplicate() {
    ProducerEpoch producer = init();
    long id = producer.producerId();
    done(add(producer, first));
    place(RunBuilder.run(first).added(id, 0, 0, 2).added(id, 0, 2, 2));
    done(end(producer, false, false));
    done(add(producer, first));

    assertThat(place(RunBuilder.run(first).added(id, 0, 2, 2)))
        .containsExactly("OUT_OF_ORDER_SEQUENCE@-1");
    assertThat(place(RunBuilder.run(first).added(id, 0, 4, 2))).containsExactly("PLACED@5");
    assertThat(place(RunBuilder.run(first).added(id, 0, 4, 2))).containsExactly("DUPLICATE@5");
    for (int i = 6; i < 16; i++) {
      place(RunBuilder.run(first).added(id, 0, i, 1));
    }
    assertThat(place(RunBuilder.run(first).added(id, 0, 2, 2)))
        .containsExactly("OUT_OF_ORDER_SEQUENCE@-1");
    assertThat(place(RunBuilder.run(first).added(id, 0, 4, 2)))
        .containsExactly("DUPLICATE_FORGOTTEN@-1");
  }

  @Test
  void aBatchOfTheOpenTransactionMayBeSentAgain() {
    ProducerEpoch producer = init();
    placed(first, producer, 0, 2);
    assertThat(placed(first, producer, 0, 2)).isEqualTo("DUPLICATE@0");
    ProducerEpoch next = done(end(producer, true, true));

    assertThat(placed(first, producer, 0, 2)).isEqualTo("INVALID_PRODUCER_EPOCH@-1");
    assertThat(placed(first, next, 2, 1)).isEqualTo("OUT_OF_ORDER_SEQUENCE@-1");
    assertThat(placed(first, next, 0, 2)).isEqualTo("PLACED@3");
  }

  @Test
  void aFileMayBeginATransactionOnceOnly() {
    ProducerEpoch producer = init();
    long id = producer.producerId();

    assertThat(
            place(
                RunBuilder.run(first)
                    .transactional(id, 0, 0, 1)
                    .idempotent(id, 0, 1, 1)
                    .transactional(id, 0, 1, 1)))
        .containsExactly("PLACED@0", "INVALID_TRANSACTION_STATE@-1", "PLACED@1");
  }

  @Test
  void groupsAreAddedBeforeOrByTheirCommit() {
    ProducerEpoch producer = init();
    Asker asker = asker(ID);
    assertThat(desk().commitOffsets(asker, producer, "g", false))
        .isEqualTo(new Outcome.Refused(Refusal.INVALID_STATE));
    take(new TransactionStep.AddGroup(asker, producer, "g"));
    assertThat(desk().commitOffsets(asker, producer, "g", false))
        .isEqualTo(new Outcome.Done(producer));
    assertThat(desk().commitOffsets(asker, producer, "h", true))
        .isEqualTo(new Outcome.Done(producer));
    assertThat(desk().commitOffsets(asker, producer, "h", false))
        .isEqualTo(new Outcome.Done(producer));
    ProducerEpoch next = done(end(producer, true, true));
    assertThat(desk().commitOffsets(asker, producer, "g", true))
        .isEqualTo(new Outcome.Refused(Refusal.FENCED));
    assertThat(desk().commitOffsets(asker, next, "g", false))
        .isEqualTo(new Outcome.Refused(Refusal.INVALID_STATE));
  }

  @Test
  void aProducerWithAnOpenTransactionIsNotForgotten() {
    ProducerEpoch producer = init();
    placed(first, producer, 0, 2);
    cluster.nowMs += 1_000_000;
    cluster.state.expireProducers(cluster.nowMs, cluster.nowMs, cluster.records, cluster);

    assertThat(placed(first, producer, 0, 2)).isEqualTo("DUPLICATE@0");
    done(end(producer, true, true));
    cluster.nowMs += 1;
    cluster.state.expireProducers(cluster.nowMs, cluster.nowMs, cluster.records, cluster);
    assertThat(active(first)).isEmpty();
  }

  @Test
  void idsThatNobodyUsesAreForgottenButNotOpenOnes() {
    init("idle");
    ProducerEpoch busy = init("busy");
    placed(first, busy, 0, 1);
    cluster.nowMs += 1;
    cluster.state.expireTransactionalIds(cluster.nowMs, cluster.nowMs, cluster.records, cluster);
    int before = cluster.records.size();
    cluster.state.expireTransactionalIds(cluster.nowMs, cluster.nowMs, cluster.records, cluster);

    assertThat(cluster.records).hasSize(before);
    assertThat(cluster.ask(new Command.DescribeTransactions(List.of("idle", "busy"))))
        .extracting(Optional::isPresent)
        .containsExactly(false, true);
    assertSameAfterRecovery();
  }

  @Test
  void producersAreShownAsTheyAre() {
    ProducerEpoch producer = init();
    place(RunBuilder.run(first).batch(5));
    placed(first, producer, 0, 2);
    place(RunBuilder.run(first).idempotent(7_000, 3, 8, 2));

    assertThat(active(first))
        .containsExactly(
            new ActiveProducer(producer, 1, cluster.nowMs, false, 5),
            new ActiveProducer(new ProducerEpoch(7_000, (short) 3), 9, cluster.nowMs, false, -1));
    ProducerEpoch next = done(end(producer, true, true));
    assertThat(active(first).getFirst())
        .isEqualTo(new ActiveProducer(next, -1, cluster.nowMs, true, -1));
    assertThat(
            cluster.ask(new Command.DescribeProducers(List.of(new PartitionId(first.topic(), 9)))))
        .containsExactly(Optional.empty());
  }

  @Test
  void listsAreFiltered() {
    init("a");
    ProducerEpoch producer = init("b");
    placed(first, producer, 0, 1);
    cluster.nowMs += 100;

    assertThat(listed(Filter.NONE, "")).containsExactly("a", "b");
    assertThat(listed(Filter.NONE, "a")).containsExactly("b");
    assertThat(listed(new Filter(Set.of(), Set.of(State.EMPTY), -1), "")).containsExactly("a");
    assertThat(listed(new Filter(Set.of(producer.producerId()), Set.of(), -1), ""))
        .containsExactly("b");
    assertThat(listed(new Filter(Set.of(), Set.of(), 99), "")).containsExactly("b");
    assertThat(listed(new Filter(Set.of(), Set.of(), 100), "")).isEmpty();
  }

  @Test
  void anOpenTransactionSurvivesARecovery() {
    ProducerEpoch producer = init();
    placed(first, producer, 0, 2);
    take(new TransactionStep.AddGroup(asker(ID), producer, "g"));
    assertSameAfterRecovery();

    cluster.state = TestCluster.restored(cluster.snapshot());
    assertThat(cluster.bounds(first)).isEqualTo(new PartitionBounds(0, 2, 0));
    assertThat(placed(first, producer, 0, 2)).isEqualTo("DUPLICATE@0");
    assertThat(done(end(producer, true, true))).isEqualTo(bumped(producer));
    assertThat(cluster.bounds(first)).isEqualTo(new PartitionBounds(0, 3, 3));
    assertSameAfterRecovery();
  }

  @Test
  void limitsAreKept() {
    ProducerEpoch producer = init();
    for (int i = 0; i < 1_000; i++) {
      take(new TransactionStep.AddGroup(asker(ID), producer, "g" + i));
    }
    assertThat(refused(take(new TransactionStep.AddGroup(asker(ID), producer, "one more"))))
        .isEqualTo(Refusal.LIMIT_REACHED);
  }

  private TransactionDesk desk() {
    return new Turn(
            cluster.state,
            cluster.nowMs,
            cluster.records,
            cluster,
            () -> new Quorum.Status("test", 1, 1, 1))
        .transactions();
  }

  private ProducerEpoch exhausted() {
    ProducerEpoch producer = init();
    while (producer.epoch() < ProducerEpoch.EPOCH_MAX) {
      ProducerEpoch next = init();
      assertThat(next).isEqualTo(bumped(producer));
      producer = next;
    }
    return producer;
  }

  private void timeOut() {
    OpenTransaction open = cluster.state.openTransactions().getFirst();
    cluster.state.expireTransaction(open, cluster.nowMs, cluster.records, cluster);
  }

  private void assertSameAfterRecovery() {
    assertThat(TestCluster.snapshot(cluster.replica())).isEqualTo(cluster.snapshot());
    assertThat(TestCluster.snapshot(TestCluster.restored(cluster.snapshot())))
        .isEqualTo(cluster.snapshot());
  }

  private List<String> listed(Filter filter, String after) {
    return cluster.ask(new Command.ListTransactions(filter, after)).stream()
        .map(each -> each.transactionalId())
        .toList();
  }

  private List<ActiveProducer> active(PartitionId partition) {
    return cluster.ask(new Command.DescribeProducers(List.of(partition))).getFirst().orElseThrow();
  }

  private Description described() {
    return cluster.ask(new Command.DescribeTransactions(List.of(ID))).getFirst().orElseThrow();
  }

  private List<Marker> markers(PartitionId partition) {
    List<Marker> markers = new ArrayList<>();
    for (Span span : cluster.spans(partition, 0)) {
      switch (span) {
        case Marker marker -> markers.add(marker);
        case Extent _ -> {}
      }
    }
    return markers;
  }

  private List<String> place(RunBuilder run) {
    return TestCluster.told(cluster.commit(agent, nextFile++, run.build()));
  }

  private String placed(PartitionId partition, ProducerEpoch producer, int sequence, int records) {
    return place(
            RunBuilder.run(partition)
                .transactional(producer.producerId(), producer.epoch(), sequence, records))
        .getFirst();
  }

  private Asker asker(String id) {
    return new Asker(id, agent, connection);
  }

  private Outcome take(TransactionStep step) {
    return cluster.ask(new Command.TakeTransactionStep(step));
  }

  private ProducerEpoch init() {
    return init(ID);
  }

  private ProducerEpoch init(String id) {
    return done(take(new TransactionStep.Initialize(asker(id), TIMEOUT_MS, Optional.empty())));
  }

  private Outcome init(Optional<ProducerEpoch> expected) {
    return take(new TransactionStep.Initialize(asker(ID), TIMEOUT_MS, expected));
  }

  private Outcome add(ProducerEpoch producer, PartitionId... partitions) {
    return add(ID, producer, partitions);
  }

  private Outcome add(String id, ProducerEpoch producer, PartitionId... partitions) {
    return take(new TransactionStep.AddPartitions(asker(id), producer, List.of(partitions)));
  }

  private Outcome end(ProducerEpoch producer, boolean commit, boolean bumpsEpoch) {
    return end(ID, producer, commit, bumpsEpoch);
  }

  private Outcome end(String id, ProducerEpoch producer, boolean commit, boolean bumpsEpoch) {
    return take(new TransactionStep.End(asker(id), producer, commit, bumpsEpoch));
  }

  private static ProducerEpoch bumped(ProducerEpoch producer) {
    return new ProducerEpoch(producer.producerId(), (short) (producer.epoch() + 1));
  }

  private static ProducerEpoch done(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Done(ProducerEpoch producer) -> producer;
      case Outcome.Refused(Refusal why) -> throw new AssertionError("refused: " + why);
    };
  }

  private static Refusal refused(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Done(ProducerEpoch producer) -> throw new AssertionError("done: " + producer);
      case Outcome.Refused(Refusal why) -> why;
    };
  }
}
