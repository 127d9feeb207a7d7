package io.weft.controlplane.state.transaction;

import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.transaction.ProducerEpoch;
import io.weft.controlplane.api.transaction.TransactionStep;
import io.weft.controlplane.api.transaction.Transactions;
import io.weft.controlplane.state.partition.PartitionLog;
import io.weft.model.PartitionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/// The transactions as they are asked one command: each step decides, and what it decides is made
/// so by whoever takes the turn. Used once, by one thread.
public final class TransactionDesk implements Transactions {
  private final TransactionTable table;
  private final StepRules rules;
  private final long nowMs;
  private final Consumer<Ruling<?>> apply;
  private final Function<PartitionId, Optional<PartitionLog>> logs;

  /// @param apply makes a ruling part of the state
  public TransactionDesk(
      TransactionTable table,
      StepRules rules,
      long nowMs,
      Consumer<Ruling<?>> apply,
      Function<PartitionId, Optional<PartitionLog>> logs) {
    this.table = table;
    this.rules = rules;
    this.nowMs = nowMs;
    this.apply = apply;
    this.logs = logs;
  }

  @Override
  public Outcome take(TransactionStep step) {
    if (step instanceof TransactionStep.AddPartitions add
        && add.partitions().size() > PARTITIONS_MAX) {
      throw new ControlPlaneException.Rejected(
          "%d partitions in one step; %d are possible"
              .formatted(add.partitions().size(), PARTITIONS_MAX));
    }
    return applied(rules.decide(step));
  }

  /// Whether a group may stage offsets in a transaction: to be asked before the group is (KIP-98,
  /// KIP-890).
  ///
  /// @param addsItself whether the commit itself makes the group part of the transaction (
  ///   TxnOffsetCommit of version 5 and later); else a step before it must have
  public Outcome commitOffsets(
      String transactionalId, ProducerEpoch producer, String group, boolean addsItself) {
    return addsItself
        ? applied(rules.addGroup(transactionalId, producer, group))
        : rules.checkGroup(transactionalId, producer, group);
  }

  @Override
  public List<Optional<Description>> describe(List<String> transactionalIds) {
    checkCount(transactionalIds.size());
    checkRows(transactionalIds.stream().mapToLong(table::partitionCount).sum());
    return table.describe(transactionalIds);
  }

  @Override
  public List<Listed> list(Filter filter, String after) {
    return table.list(filter, after, nowMs);
  }

  @Override
  public List<Optional<List<ActiveProducer>>> producers(List<PartitionId> partitions) {
    checkCount(partitions.size());
    List<Optional<List<ActiveProducer>>> found = new ArrayList<>(partitions.size());
    long rows = 0;
    for (PartitionId partition : partitions) {
      Optional<List<ActiveProducer>> producers =
          logs.apply(partition).map(log -> log.producers(PRODUCERS_SHOWN_MAX));
      rows += producers.map(List::size).orElse(0);
      checkRows(rows);
      found.add(producers);
    }
    return found;
  }

  private Outcome applied(Ruling<Outcome> ruling) {
    apply.accept(ruling);
    return ruling.reply();
  }

  private static void checkRows(long rows) {
    if (rows > ROWS_MAX) {
      throw new ControlPlaneException.Rejected(
          "more than %d rows in one answer; ask for less".formatted(ROWS_MAX));
    }
  }

  private static void checkCount(int questions) {
    if (questions > QUESTIONS_MAX) {
      throw new ControlPlaneException.Rejected(
          "%d questions in one call; %d are possible".formatted(questions, QUESTIONS_MAX));
    }
  }
}
