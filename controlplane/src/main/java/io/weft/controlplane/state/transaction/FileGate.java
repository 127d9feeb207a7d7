package io.weft.controlplane.state.transaction;

import io.weft.controlplane.api.BatchOutcomes.Verdict;
import io.weft.controlplane.api.transaction.Transactions;
import io.weft.controlplane.state.partition.TransactionGate;
import io.weft.model.PartitionId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// What the transactions say to the batches of one file. What a file places becomes part of its
/// transactions only when all of it has been judged: until then it is noted here.
final class FileGate implements TransactionGate {
  /// By the producer id each has now.
  private final Map<Long, Transaction> transactions;

  /// Partitions that the file makes part of each producer's transaction. Never iterated.
  private final Map<Long, Set<PartitionId>> joining = new HashMap<>(0);

  FileGate(Map<Long, Transaction> transactions) {
    this.transactions = transactions;
  }

  @Override
  public Verdict judge(Sender sender, PartitionId partition, boolean adds) {
    Transaction transaction = transactions.get(sender.producerId());
    if (transaction == null || transaction.fingerprint != sender.transactionalId()) {
      return Verdict.UNKNOWN_PRODUCER;
    }
    if (!transaction.isProducer(sender.epoch())) {
      return Verdict.INVALID_PRODUCER_EPOCH;
    }
    if (transaction.partitions.contains(partition)) {
      return Verdict.PLACED;
    }
    if (!adds) {
      return Verdict.NOT_IN_TRANSACTION;
    }
    Set<PartitionId> more = joining.getOrDefault(sender.producerId(), Set.of());
    return more.contains(partition)
            || transaction.partitions.size() + more.size() < Transactions.PARTITIONS_MAX
        ? Verdict.PLACED
        : Verdict.TRANSACTION_FULL;
  }

  @Override
  public void placed(long producerId, PartitionId partition) {
    if (!transactions.get(producerId).partitions.contains(partition)) {
      joining.computeIfAbsent(producerId, _ -> new HashSet<>()).add(partition);
    }
  }

  @Override
  public boolean isFenced(long producerId, short epoch) {
    Transaction transaction = transactions.get(producerId);
    return transaction != null && !transaction.isProducer(epoch);
  }
}
