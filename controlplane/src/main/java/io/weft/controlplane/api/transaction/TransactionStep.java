package io.weft.controlplane.api.transaction;

import io.weft.controlplane.codec.shape.AtMost;
import io.weft.controlplane.codec.shape.Kind;
import io.weft.model.AgentId;
import io.weft.model.PartitionId;
import java.util.List;
import java.util.Optional;

/// One thing a transactional producer asks for.
public sealed interface TransactionStep {
  Caller caller();

  /// The producer that asks, and the connection it came on.
  ///
  /// @param transactionalId not empty
  /// @param connection as the agent numbers its connections; with the agent it tells a request that
  ///   comes late on an old connection from one on a newer
  record Caller(String transactionalId, AgentId agent, long connection) {
    public Caller {
      if (transactionalId.isEmpty()) {
        throw new IllegalArgumentException("an empty transactional id");
      }
    }
  }

  /// A producer begins to work, or goes on after an error (KIP-360). An open transaction is
  /// aborted, and any other producer that uses the id is fenced.
  ///
  /// @param timeoutMs after which its open transactions are aborted
  /// @param expected what the producer believes to be; empty: it has just started
  @Kind(1)
  record Initialize(Caller caller, int timeoutMs, Optional<ProducerEpoch> expected)
      implements TransactionStep {
    public Initialize {
      if (timeoutMs <= 0) {
        throw new IllegalArgumentException("a transaction's time-out of " + timeoutMs);
      }
    }
  }

  /// Makes partitions part of the transaction, which begins if none is open.
  @Kind(2)
  record AddPartitions(
      Caller caller,
      ProducerEpoch producer,
      @AtMost(Transactions.PARTITIONS_MAX) List<PartitionId> partitions)
      implements TransactionStep {}

  /// Makes a consumer group's offsets part of the transaction, which begins if none is open.
  @Kind(3)
  record AddGroup(Caller caller, ProducerEpoch producer, String group) implements TransactionStep {}

  /// Ends the transaction everywhere at once.
  ///
  /// @param bumpsEpoch whether the producer understands that each transaction has an epoch of its
  ///   own (transaction.version 2, KIP-890)
  @Kind(4)
  record End(Caller caller, ProducerEpoch producer, boolean commit, boolean bumpsEpoch)
      implements TransactionStep {}
}
