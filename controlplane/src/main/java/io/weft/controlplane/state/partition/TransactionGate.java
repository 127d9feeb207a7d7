package io.weft.controlplane.state.partition;

import io.weft.controlplane.api.BatchOutcomes.Verdict;
import io.weft.model.PartitionId;

/// What the transactions of the cluster say to the batches of one file. Only what the file itself
/// has placed so far is remembered. Used by one thread.
public interface TransactionGate {
  /// Says nothing to any batch but a transactional one, which it refuses.
  TransactionGate NONE =
      new TransactionGate() {
        @Override
        public Verdict judge(Sender sender, PartitionId partition, boolean adds) {
          return Verdict.UNKNOWN_PRODUCER;
        }

        @Override
        public void placed(long producerId, PartitionId partition) {}

        @Override
        public boolean isFenced(long producerId, short epoch) {
          return false;
        }
      };

  /// The transactional producer that a batch says it is from.
  ///
  /// @param transactionalId the fingerprint of the one it was sent under
  record Sender(long transactionalId, long producerId, short epoch) {}

  /// Whether a transactional batch may be placed in a partition, as far as its transaction goes.
  ///
  /// @param adds whether the batch makes its partition part of the transaction
  /// @return [Verdict#PLACED], [Verdict#UNKNOWN_PRODUCER], [Verdict#INVALID_PRODUCER_EPOCH],
  ///   [Verdict#NOT_IN_TRANSACTION] or [Verdict#TRANSACTION_FULL]
  Verdict judge(Sender sender, PartitionId partition, boolean adds);

  /// A transactional batch of the file is placed in a partition.
  void placed(long producerId, PartitionId partition);

  /// Whether a producer with a transactional id has this epoch no more, or not yet.
  boolean isFenced(long producerId, short epoch);
}
