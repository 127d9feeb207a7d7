package io.weft.controlplane.state.partition;

import io.weft.controlplane.api.BatchOutcomes.Verdict;
import io.weft.model.PartitionId;

/// What the transactions of the cluster say to a batch. Asking changes nothing.
public interface TransactionGate {
  /// Says nothing to any batch but a transactional one, which it refuses.
  TransactionGate NONE =
      new TransactionGate() {
        @Override
        public Verdict judge(long producerId, short epoch, PartitionId partition, boolean adds) {
          return Verdict.UNKNOWN_PRODUCER;
        }

        @Override
        public boolean isFenced(long producerId, short epoch) {
          return false;
        }
      };

  /// Whether a transactional batch may be placed in a partition, as far as its transaction goes.
  ///
  /// @param adds whether the batch makes its partition part of the transaction
  /// @return [Verdict#PLACED], [Verdict#UNKNOWN_PRODUCER], [Verdict#INVALID_PRODUCER_EPOCH],
  ///   [Verdict#NOT_IN_TRANSACTION] or [Verdict#INVALID_TRANSACTION_STATE]
  Verdict judge(long producerId, short epoch, PartitionId partition, boolean adds);

  /// Whether a producer with a transactional id has this epoch no more, or not yet.
  boolean isFenced(long producerId, short epoch);
}
