package io.weft.controlplane.state.transaction;

import io.weft.controlplane.api.BatchOutcomes;
import io.weft.controlplane.api.BatchOutcomes.Verdict;
import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.UploadedBatches;
import io.weft.controlplane.api.transaction.ProducerEpoch;
import io.weft.controlplane.api.transaction.TransactionStep;
import io.weft.controlplane.api.transaction.Transactions;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.state.file.FileRecord.FileCommitted;
import io.weft.controlplane.state.groups.GroupTable;
import io.weft.controlplane.state.log.PartitionLogs;
import io.weft.controlplane.state.part.ChangeListener;
import io.weft.controlplane.state.part.CurrentStep;
import io.weft.controlplane.state.part.StatePart;
import io.weft.controlplane.state.part.StateRecord;
import io.weft.controlplane.state.partition.Ending;
import io.weft.controlplane.state.partition.TransactionGate;
import io.weft.controlplane.state.producer.IssuedProducerIds;
import io.weft.controlplane.state.transaction.TransactionChange.Ended;
import io.weft.controlplane.state.transaction.TransactionChange.Expired;
import io.weft.model.PartitionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The transactions as a part of the state. What ends one ends it everywhere: in the logs of its
/// partitions and among the groups' rows. Owned by one thread.
public final class TransactionDesk implements StatePart, Transactions {
  private final CurrentStep step;
  private final IssuedProducerIds producerIds;
  private final PartitionLogs logs;
  private final GroupTable groups;
  private final TransactionTable table = new TransactionTable();

  public TransactionDesk(
      CurrentStep step, IssuedProducerIds producerIds, PartitionLogs logs, GroupTable groups) {
    this.step = step;
    this.producerIds = producerIds;
    this.logs = logs;
    this.groups = groups;
  }

  @Override
  public Outcome take(TransactionStep asked) {
    if (asked instanceof TransactionStep.AddPartitions add
        && add.partitions().size() > PARTITIONS_MAX) {
      throw new ControlPlaneException.Rejected(
          "%d partitions in one step; %d are possible"
              .formatted(add.partitions().size(), PARTITIONS_MAX));
    }
    return step.make(rules().decide(asked));
  }

  /// Whether a group may stage offsets in a transaction: to be asked before the group is (KIP-98,
  /// KIP-890).
  ///
  /// @param addsItself whether the commit itself makes the group part of the transaction (
  ///   TxnOffsetCommit of version 5 and later); else a step before it must have
  public Outcome commitOffsets(
      String transactionalId, ProducerEpoch producer, String group, boolean addsItself) {
    return addsItself
        ? step.make(rules().addGroup(transactionalId, producer, group))
        : rules().checkGroup(transactionalId, producer, group);
  }

  @Override
  public List<Optional<Description>> describe(List<String> transactionalIds) {
    checkCount(transactionalIds.size());
    checkRows(transactionalIds.stream().mapToLong(table::partitionCount).sum());
    return table.describe(transactionalIds);
  }

  @Override
  public List<Listed> list(Filter filter, String after) {
    return table.list(filter, after, step.nowMs());
  }

  @Override
  public List<Optional<List<ActiveProducer>>> producers(List<PartitionId> partitions) {
    checkCount(partitions.size());
    List<Optional<List<ActiveProducer>>> found = new ArrayList<>(partitions.size());
    long rows = 0;
    for (PartitionId partition : partitions) {
      Optional<List<ActiveProducer>> producers =
          logs.find(partition).map(log -> log.producers(PRODUCERS_SHOWN_MAX));
      rows += producers.map(List::size).orElse(0);
      checkRows(rows);
      found.add(producers);
    }
    return found;
  }

  /// The open ones, by the order of their transactional ids.
  public List<OpenTransaction> open() {
    return table.open();
  }

  /// What the transactions say to the batches of one file.
  public TransactionGate gate() {
    return table.gate();
  }

  /// Aborts a transaction that has been open for too long; no effect if it is not open any more.
  public void timeOut(OpenTransaction late) {
    step.make(rules().timeOut(late));
  }

  /// Forgets transactional ids that nobody used since then.
  public void expireIds(long unusedSinceMs) {
    if (table.anyUnused(unusedSinceMs)) {
      step.make(new TransactionChanged(new Expired(unusedSinceMs, step.nowMs())));
    }
  }

  @Override
  public void replay(StateRecord record, ChangeListener changes) {
    switch (record) {
      case FileCommitted committed -> replay(committed);
      case TransactionChanged(Ended ended) -> replay(ended, changes);
      case TransactionChanged changed -> table.replay(changed.change());
      default -> throw new IllegalStateException("not heard: " + record);
    }
  }

  private void replay(Ended ended, ChangeListener changes) {
    long producerId = table.producer(ended.transactionalId()).producerId();
    Ending ending = new Ending(producerId, ended.markerEpoch(), ended.committed(), ended.timeMs());
    logs.endTransaction(table.partitions(ended.transactionalId()), ending, changes);
    table.replay(ended);
    groups.endTransaction(producerId, ended.committed());
    changes.transactionEnded(producerId, ended.markerEpoch(), ended.committed());
  }

  private void replay(FileCommitted record) {
    for (int i = 0; i < record.outcomes().size(); i++) {
      UploadedBatches run = record.file().partitions().get(i);
      BatchOutcomes outcomes = record.outcomes().get(i);
      for (int batch = 0; batch < run.count(); batch++) {
        if (run.isTransactional(batch) && outcomes.verdict(batch) == Verdict.PLACED) {
          table.placed(run.producerIds()[batch], run.partition(), record.timeMs());
        }
      }
    }
  }

  @Override
  public void write(WireWriter out) {
    table.write(out);
  }

  @Override
  public void read(WireReader in) {
    table.read(in);
  }

  private StepRules rules() {
    return new StepRules(table, producerIds.issuedBelow(), step.nowMs());
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
