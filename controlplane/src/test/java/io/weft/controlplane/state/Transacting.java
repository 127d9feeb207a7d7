package io.weft.controlplane.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.api.UploadedBatches;
import io.weft.controlplane.api.transaction.ProducerEpoch;
import io.weft.controlplane.api.transaction.TransactionStep;
import io.weft.controlplane.api.transaction.TransactionStep.Caller;
import io.weft.controlplane.api.transaction.Transactions;
import io.weft.controlplane.api.transaction.Transactions.ActiveProducer;
import io.weft.controlplane.api.transaction.Transactions.Description;
import io.weft.controlplane.api.transaction.Transactions.Filter;
import io.weft.controlplane.api.transaction.Transactions.Outcome;
import io.weft.controlplane.api.transaction.Transactions.Refusal;
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
import java.util.stream.Stream;

/// One producer's transactions, and those of others, asked of a state. Owned by one thread.
final class Transacting {
  private static final String ID = RunBuilder.TRANSACTIONAL_ID;
  private static final int TIMEOUT_MS = 60_000;

  final TestCluster cluster = new TestCluster();
  final AgentId agent = cluster.register(1);
  final PartitionId first = new PartitionId(cluster.topic("t", 3), 0);
  final PartitionId second = new PartitionId(first.topic(), 1);
  final PartitionId third = new PartitionId(first.topic(), 2);
  private long nextFile = cluster.lease(agent, 10_000);

  /// On which the steps come.
  int connection = 1;

  TransactionDesk desk() {
    return cluster.in().transactions();
  }

  ProducerEpoch exhausted() {
    ProducerEpoch producer = init();
    while (producer.epoch() < ProducerEpoch.EPOCH_MAX) {
      ProducerEpoch next = init();
      assertThat(next).isEqualTo(bumped(producer));
      producer = next;
    }
    return producer;
  }

  void timeOut() {
    OpenTransaction open = cluster.state.transactions().open().getFirst();
    cluster.in().transactions().timeOut(open);
  }

  void assertSameAfterRecovery() {
    assertThat(TestCluster.snapshot(cluster.replica())).isEqualTo(cluster.snapshot());
    assertThat(TestCluster.snapshot(TestCluster.restored(cluster.snapshot())))
        .isEqualTo(cluster.snapshot());
  }

  List<String> listed(Filter filter, String after) {
    return cluster.as(Transactions.class).list(filter, after).stream()
        .map(each -> each.transactionalId())
        .toList();
  }

  List<ActiveProducer> active(PartitionId partition) {
    return cluster.as(Transactions.class).producers(List.of(partition)).getFirst().orElseThrow();
  }

  Description described() {
    return cluster.as(Transactions.class).describe(List.of(ID)).getFirst().orElseThrow();
  }

  List<Marker> markers(PartitionId partition) {
    List<Marker> markers = new ArrayList<>();
    for (Span span : cluster.spans(partition, 0)) {
      switch (span) {
        case Marker marker -> markers.add(marker);
        case Extent _ -> {}
      }
    }
    return markers;
  }

  /// In one file.
  List<String> place(RunBuilder... runs) {
    return TestCluster.told(
        cluster.commit(
            agent,
            nextFile++,
            Stream.of(runs).map(RunBuilder::build).toArray(UploadedBatches[]::new)));
  }

  String placed(PartitionId partition, ProducerEpoch producer, int sequence, int records) {
    return place(
            RunBuilder.run(partition)
                .under(idOf(producer))
                .transactional(producer.producerId(), producer.epoch(), sequence, records))
        .getFirst();
  }

  /// The transactional id whose producer it is now, else the usual one.
  private String idOf(ProducerEpoch producer) {
    Filter its = new Filter(Set.of(producer.producerId()), Set.of(), -1);
    return listed(its, "").stream().findFirst().orElse(ID);
  }

  Caller caller(String id) {
    return new Caller(id, agent, connection);
  }

  Outcome take(TransactionStep step) {
    return cluster.as(Transactions.class).take(step);
  }

  ProducerEpoch init() {
    return init(ID);
  }

  ProducerEpoch init(String id) {
    return done(take(new TransactionStep.Initialize(caller(id), TIMEOUT_MS, Optional.empty())));
  }

  Outcome init(Optional<ProducerEpoch> expected) {
    return take(new TransactionStep.Initialize(caller(ID), TIMEOUT_MS, expected));
  }

  Outcome add(ProducerEpoch producer, PartitionId... partitions) {
    return add(ID, producer, partitions);
  }

  Outcome add(String id, ProducerEpoch producer, PartitionId... partitions) {
    return take(new TransactionStep.AddPartitions(caller(id), producer, List.of(partitions)));
  }

  Outcome end(ProducerEpoch producer, boolean commit, boolean bumpsEpoch) {
    return end(ID, producer, commit, bumpsEpoch);
  }

  Outcome end(String id, ProducerEpoch producer, boolean commit, boolean bumpsEpoch) {
    return take(new TransactionStep.End(caller(id), producer, commit, bumpsEpoch));
  }

  ProducerEpoch bumped(ProducerEpoch producer) {
    return new ProducerEpoch(producer.producerId(), (short) (producer.epoch() + 1));
  }

  ProducerEpoch done(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Done(ProducerEpoch producer) -> producer;
      case Outcome.Refused(Refusal why) -> throw new AssertionError("refused: " + why);
    };
  }

  Refusal refused(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Done(ProducerEpoch producer) -> throw new AssertionError("done: " + producer);
      case Outcome.Refused(Refusal why) -> why;
    };
  }
}
