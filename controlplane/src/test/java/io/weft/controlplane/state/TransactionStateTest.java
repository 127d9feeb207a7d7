package io.weft.controlplane.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.api.PartitionBounds;
import io.weft.controlplane.api.transaction.ProducerEpoch;
import io.weft.controlplane.api.transaction.TransactionStep;
import io.weft.controlplane.api.transaction.Transactions;
import io.weft.controlplane.api.transaction.Transactions.ActiveProducer;
import io.weft.controlplane.api.transaction.Transactions.Filter;
import io.weft.controlplane.api.transaction.Transactions.Outcome;
import io.weft.controlplane.api.transaction.Transactions.Refusal;
import io.weft.controlplane.api.transaction.Transactions.State;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What transactions do to batches, and what is kept of them.
final class TransactionStateTest {
  private final Transacting on = new Transacting();
  private final TestCluster cluster = on.cluster;
  private final PartitionId first = on.first;
  private final PartitionId second = on.second;

  @Test
  void aBatchBeginsItsTransactionAndHoldsBackTheStableOffset() {
    ProducerEpoch producer = on.init();
    on.place(RunBuilder.run(first).batch(2));

    assertThat(on.placed(first, producer, 0, 3)).isEqualTo("PLACED@2");
    on.place(RunBuilder.run(first).batch(4));

    assertThat(on.described().state()).isEqualTo(State.ONGOING);
    assertThat(on.described().partitions()).containsExactly(first);
    assertThat(cluster.bounds(first)).isEqualTo(new PartitionBounds(0, 9, 2));
    assertThat(cluster.bounds(second)).isEqualTo(new PartitionBounds(0, 0, 0));
  }

  @Test
  void theStableOffsetIsThatOfTheOldestOpenTransaction() {
    ProducerEpoch one = on.init("one");
    ProducerEpoch two = on.init("two");
    on.placed(first, one, 0, 2);
    on.placed(first, two, 0, 2);
    on.place(RunBuilder.run(first).batch(1));
    assertThat(cluster.bounds(first).lastStableOffset()).isZero();

    on.done(on.end("one", one, true, true));
    assertThat(cluster.bounds(first)).isEqualTo(new PartitionBounds(0, 6, 2));
    on.done(on.end("two", two, false, true));
    assertThat(cluster.bounds(first)).isEqualTo(new PartitionBounds(0, 7, 7));
  }

  @Test
  void aTransactionalBatchOfNobodyIsRefused() {
    assertThat(on.place(RunBuilder.run(first).transactional(4_711, 0, 0, 1)))
        .containsExactly("UNKNOWN_PRODUCER@-1");
    assertThat(on.place(RunBuilder.run(first).transactional(-1, -1, -1, 1)))
        .containsExactly("UNKNOWN_PRODUCER@-1");
  }

  @Test
  void aBatchUnderAnotherTransactionalIdThanItsProducersIsRefused() {
    ProducerEpoch mine = on.init("mine");
    on.init("other");
    on.done(on.add("mine", mine, first));
    for (String id : List.of("other", "nobody")) {
      RunBuilder run = RunBuilder.run(first).under(id);
      assertThat(
              on.place(
                  run.added(mine.producerId(), 0, 0, 1).transactional(mine.producerId(), 0, 0, 1)))
          .containsExactly("UNKNOWN_PRODUCER@-1", "UNKNOWN_PRODUCER@-1");
    }
    assertThat(on.place(RunBuilder.run(first).under("mine").added(mine.producerId(), 0, 0, 1)))
        .containsExactly("PLACED@0");
  }

  @Test
  void oneFileDoesNotPassTheLimitOfPartitions() {
    ProducerEpoch producer = on.init();
    long id = producer.producerId();
    TopicId wide = new TopicId(3, 3);
    on.done(
        on.add(
            producer,
            IntStream.range(0, Transactions.PARTITIONS_MAX - 1)
                .mapToObj(i -> new PartitionId(wide, i))
                .toArray(PartitionId[]::new)));

    assertThat(
            on.place(
                RunBuilder.run(first).transactional(id, 0, 0, 1).transactional(id, 0, 1, 1),
                RunBuilder.run(second).transactional(id, 0, 0, 1).batch(1)))
        .containsExactly("PLACED@0", "PLACED@1", "TRANSACTION_FULL@-1", "PLACED@0");
    assertThat(on.described().partitions()).hasSize(Transactions.PARTITIONS_MAX).contains(first);
    assertThat(on.place(RunBuilder.run(second).transactional(id, 0, 0, 1)))
        .containsExactly("TRANSACTION_FULL@-1");
    assertThat(on.place(RunBuilder.run(first).transactional(id, 0, 2, 1)))
        .containsExactly("PLACED@2");
  }

  /// What a batch would have made part of the transaction counts only if it was placed.
  @Test
  void aRefusedBatchTakesNoPlaceInItsTransaction() {
    ProducerEpoch producer = on.init();
    long id = producer.producerId();
    TopicId wide = new TopicId(3, 3);
    on.done(
        on.add(
            producer,
            IntStream.range(0, Transactions.PARTITIONS_MAX - 1)
                .mapToObj(i -> new PartitionId(wide, i))
                .toArray(PartitionId[]::new)));
    assertThat(
            on.place(
                RunBuilder.run(first).transactional(id, 0, 7, 1),
                RunBuilder.run(second).transactional(id, 0, 0, 1)))
        .containsExactly("OUT_OF_ORDER_SEQUENCE@-1", "PLACED@0");
  }

  @Test
  void anExhaustedEpochMakesANewProducer() {
    ProducerEpoch last = on.exhausted();
    on.placed(first, last, 0, 1);
    ProducerEpoch next = on.done(on.end(last, true, true));

    assertThat(next.epoch()).isZero();
    assertThat(next.producerId()).isNotEqualTo(last.producerId());
    assertThat(on.markers(first).getLast().producerEpoch()).isEqualTo(Short.MAX_VALUE);
    assertThat(on.done(on.end(last, true, true))).isEqualTo(next);
    assertThat(on.placed(first, last, 1, 1)).isEqualTo("UNKNOWN_PRODUCER@-1");
    assertThat(on.placed(first, next, 0, 1)).startsWith("PLACED");
    assertThat(on.refused(on.end(last, true, true))).isEqualTo(Refusal.UNKNOWN_PRODUCER);
  }

  /// KAFKA-19367, KAFKA-20090.
  @Test
  void fencingAnExhaustedEpochDoesNotOverflow() {
    ProducerEpoch last = on.exhausted();
    on.placed(first, last, 0, 1);
    ProducerEpoch next = on.init();
    assertThat(next.epoch()).isZero();
    assertThat(next.producerId()).isNotEqualTo(last.producerId());
    assertThat(on.markers(first).getLast().producerEpoch()).isEqualTo(Short.MAX_VALUE);

    ProducerEpoch again = on.exhausted();
    on.placed(first, again, 0, 1);
    on.timeOut();
    assertThat(on.refused(on.end(again, true, true))).isEqualTo(Refusal.FENCED);
    ProducerEpoch after = on.done(on.end(again, false, true));
    assertThat(after.epoch()).isZero();
    assertThat(after.producerId()).isNotEqualTo(again.producerId());
    assertThat(on.done(on.end(again, false, true))).isEqualTo(after);
    assertThat(on.placed(first, after, 0, 1)).startsWith("PLACED");
    on.assertSameAfterRecovery();
  }

  /// As in Kafka, which leaves the id its producer and takes the one epoch nobody is given.
  @Test
  void aProducerFencedAtItsLastEpochByATimeOutIsToldSo() {
    ProducerEpoch last = on.exhausted();
    on.done(on.add(last, first));
    on.timeOut();
    ProducerEpoch fence = new ProducerEpoch(last.producerId(), Short.MAX_VALUE);
    assertThat(on.described().producer()).isEqualTo(fence);
    for (ProducerEpoch old : List.of(last, fence)) {
      long id = old.producerId();
      assertThat(on.refused(on.add(old, first))).isEqualTo(Refusal.FENCED);
      assertThat(on.refused(on.end(old, true, false))).isEqualTo(Refusal.FENCED);
      assertThat(on.refused(on.end(old, true, true))).isEqualTo(Refusal.FENCED);
      assertThat(on.refused(on.init(Optional.of(old)))).isEqualTo(Refusal.FENCED);
      assertThat(on.placed(first, old, 0, 1)).isEqualTo("INVALID_PRODUCER_EPOCH@-1");
      assertThat(on.place(RunBuilder.run(first).idempotent(id, old.epoch(), 0, 1)))
          .containsExactly("INVALID_PRODUCER_EPOCH@-1");
      assertThat(on.desk().commitOffsets("pay", old, "g", true))
          .isEqualTo(new Outcome.Refused(Refusal.FENCED));
    }
    on.assertSameAfterRecovery();

    ProducerEpoch next = on.init();
    assertThat(next.epoch()).isZero();
    assertThat(next.producerId()).isNotEqualTo(last.producerId());
    assertThat(on.placed(first, next, 0, 1)).startsWith("PLACED");
  }

  /// KIP-360 with an epoch for each transaction: what it was is known, and it becomes another.
  @Test
  void aProducerFencedAtItsLastEpochByATimeOutMayGoOn() {
    ProducerEpoch last = on.exhausted();
    on.placed(first, last, 0, 1);
    on.timeOut();
    ProducerEpoch next = on.done(on.init(Optional.of(last)));
    assertThat(next.epoch()).isZero();
    assertThat(next.producerId()).isNotEqualTo(last.producerId());
    assertThat(on.done(on.init(Optional.of(last)))).isEqualTo(next);
    assertThat(on.placed(first, next, 0, 1)).startsWith("PLACED");
  }

  @Test
  void aProducerThatGoesOnAtTheLastEpochMayAskAgain() {
    ProducerEpoch last = on.exhausted();
    ProducerEpoch next = on.done(on.init(Optional.of(last)));
    assertThat(next.epoch()).isZero();
    assertThat(on.done(on.init(Optional.of(last)))).isEqualTo(next);
  }

  /// A batch that was aborted is not there: a producer that sends it again must not be told it is.
  @Test
  void anAbortedBatchIsNoDuplicate() {
    ProducerEpoch producer = on.init();
    long id = producer.producerId();
    on.done(on.add(producer, first));
    on.place(RunBuilder.run(first).added(id, 0, 0, 2).added(id, 0, 2, 2));
    on.done(on.end(producer, false, false));
    on.done(on.add(producer, first));

    assertThat(on.place(RunBuilder.run(first).added(id, 0, 2, 2)))
        .containsExactly("OUT_OF_ORDER_SEQUENCE@-1");
    assertThat(on.place(RunBuilder.run(first).added(id, 0, 4, 2))).containsExactly("PLACED@5");
    assertThat(on.place(RunBuilder.run(first).added(id, 0, 4, 2))).containsExactly("DUPLICATE@5");
    for (int i = 6; i < 16; i++) {
      on.place(RunBuilder.run(first).added(id, 0, i, 1));
    }
    assertThat(on.place(RunBuilder.run(first).added(id, 0, 2, 2)))
        .containsExactly("OUT_OF_ORDER_SEQUENCE@-1");
    assertThat(on.place(RunBuilder.run(first).added(id, 0, 4, 2)))
        .containsExactly("DUPLICATE_FORGOTTEN@-1");
  }

  @Test
  void aBatchOfTheOpenTransactionMayBeSentAgain() {
    ProducerEpoch producer = on.init();
    on.placed(first, producer, 0, 2);
    assertThat(on.placed(first, producer, 0, 2)).isEqualTo("DUPLICATE@0");
    ProducerEpoch next = on.done(on.end(producer, true, true));

    assertThat(on.placed(first, producer, 0, 2)).isEqualTo("INVALID_PRODUCER_EPOCH@-1");
    assertThat(on.placed(first, next, 2, 1)).isEqualTo("OUT_OF_ORDER_SEQUENCE@-1");
    assertThat(on.placed(first, next, 0, 2)).isEqualTo("PLACED@3");
  }

  @Test
  void aFileMayBeginATransactionOnceOnly() {
    ProducerEpoch producer = on.init();
    long id = producer.producerId();

    assertThat(
            on.place(
                RunBuilder.run(first)
                    .transactional(id, 0, 0, 1)
                    .idempotent(id, 0, 1, 1)
                    .transactional(id, 0, 1, 1)))
        .containsExactly("PLACED@0", "INVALID_TRANSACTION_STATE@-1", "PLACED@1");
  }

  @Test
  void groupsAreAddedBeforeOrByTheirCommit() {
    ProducerEpoch producer = on.init();
    assertThat(on.desk().commitOffsets("pay", producer, "g", false))
        .isEqualTo(new Outcome.Refused(Refusal.INVALID_STATE));
    on.take(new TransactionStep.AddGroup(on.caller("pay"), producer, "g"));
    assertThat(on.desk().commitOffsets("pay", producer, "g", false))
        .isEqualTo(new Outcome.Done(producer));
    assertThat(on.desk().commitOffsets("pay", producer, "h", true))
        .isEqualTo(new Outcome.Done(producer));
    assertThat(on.desk().commitOffsets("pay", producer, "h", false))
        .isEqualTo(new Outcome.Done(producer));
    ProducerEpoch next = on.done(on.end(producer, true, true));
    assertThat(on.desk().commitOffsets("pay", producer, "g", true))
        .isEqualTo(new Outcome.Refused(Refusal.FENCED));
    assertThat(on.desk().commitOffsets("pay", next, "g", false))
        .isEqualTo(new Outcome.Refused(Refusal.INVALID_STATE));
  }

  @Test
  void aProducerWithAnOpenTransactionIsNotForgotten() {
    ProducerEpoch producer = on.init();
    on.placed(first, producer, 0, 2);
    cluster.nowMs += 1_000_000;
    cluster.in().logs().expireProducers(cluster.nowMs);

    assertThat(on.placed(first, producer, 0, 2)).isEqualTo("DUPLICATE@0");
    on.done(on.end(producer, true, true));
    cluster.nowMs += 1;
    cluster.in().logs().expireProducers(cluster.nowMs);
    assertThat(on.active(first)).isEmpty();
  }

  @Test
  void idsThatNobodyUsesAreForgottenButNotOpenOnes() {
    on.init("idle");
    ProducerEpoch busy = on.init("busy");
    on.placed(first, busy, 0, 1);
    cluster.nowMs += 1;
    cluster.in().transactions().expireIds(cluster.nowMs);
    int before = cluster.records.size();
    cluster.in().transactions().expireIds(cluster.nowMs);

    assertThat(cluster.records).hasSize(before);
    assertThat(cluster.as(Transactions.class).describe(List.of("idle", "busy")))
        .extracting(Optional::isPresent)
        .containsExactly(false, true);
    on.assertSameAfterRecovery();
  }

  @Test
  void producersAreShownAsTheyAre() {
    ProducerEpoch producer = on.init();
    on.place(RunBuilder.run(first).batch(5));
    on.placed(first, producer, 0, 2);
    on.place(RunBuilder.run(first).idempotent(7_000, 3, 8, 2));

    assertThat(on.active(first))
        .containsExactly(
            new ActiveProducer(producer, 1, cluster.nowMs, false, 5),
            new ActiveProducer(new ProducerEpoch(7_000, (short) 3), 9, cluster.nowMs, false, -1));
    ProducerEpoch next = on.done(on.end(producer, true, true));
    assertThat(on.active(first).getFirst())
        .isEqualTo(new ActiveProducer(next, -1, cluster.nowMs, true, -1));
    assertThat(cluster.as(Transactions.class).producers(List.of(new PartitionId(first.topic(), 9))))
        .containsExactly(Optional.empty());
  }

  @Test
  void listsAreFiltered() {
    on.init("a");
    ProducerEpoch producer = on.init("b");
    on.placed(first, producer, 0, 1);
    cluster.nowMs += 100;

    assertThat(on.listed(Filter.NONE, "")).containsExactly("a", "b");
    assertThat(on.listed(Filter.NONE, "a")).containsExactly("b");
    assertThat(on.listed(new Filter(Set.of(), Set.of(State.EMPTY), -1), "")).containsExactly("a");
    assertThat(on.listed(new Filter(Set.of(producer.producerId()), Set.of(), -1), ""))
        .containsExactly("b");
    assertThat(on.listed(new Filter(Set.of(), Set.of(), 99), "")).containsExactly("b");
    assertThat(on.listed(new Filter(Set.of(), Set.of(), 100), "")).isEmpty();
  }

  @Test
  void anOpenTransactionSurvivesARecovery() {
    ProducerEpoch producer = on.init();
    on.placed(first, producer, 0, 2);
    on.take(new TransactionStep.AddGroup(on.caller("pay"), producer, "g"));
    on.assertSameAfterRecovery();

    cluster.state = TestCluster.restored(cluster.snapshot());
    assertThat(cluster.bounds(first)).isEqualTo(new PartitionBounds(0, 2, 0));
    assertThat(on.placed(first, producer, 0, 2)).isEqualTo("DUPLICATE@0");
    assertThat(on.done(on.end(producer, true, true))).isEqualTo(on.bumped(producer));
    assertThat(cluster.bounds(first)).isEqualTo(new PartitionBounds(0, 3, 3));
    on.assertSameAfterRecovery();
  }

  @Test
  void limitsAreKept() {
    ProducerEpoch producer = on.init();
    for (int i = 0; i < 1_000; i++) {
      on.take(new TransactionStep.AddGroup(on.caller("pay"), producer, "g" + i));
    }
    assertThat(
            on.refused(
                on.take(new TransactionStep.AddGroup(on.caller("pay"), producer, "one more"))))
        .isEqualTo(Refusal.LIMIT_REACHED);
  }
}
