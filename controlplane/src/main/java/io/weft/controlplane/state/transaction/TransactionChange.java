package io.weft.controlplane.state.transaction;

import io.weft.controlplane.api.transaction.ProducerEpoch;
import io.weft.controlplane.codec.shape.Kind;
import io.weft.controlplane.codec.shape.PartitionColumn;
import io.weft.controlplane.codec.shape.Shaped;
import io.weft.model.PartitionId;
import java.util.List;
import java.util.Optional;

/// One change of the transactions, as it stands in the journal.
public sealed interface TransactionChange {
  /// The leader's time at the decision.
  long timeMs();

  /// A producer begins to work under the id.
  ///
  /// @param before what this producer was before, if it is known to go on as another
  @Kind(1)
  record Initialized(
      String transactionalId,
      ProducerEpoch producer,
      Optional<ProducerEpoch> before,
      int timeoutMs,
      AgentConnection connection,
      long timeMs)
      implements TransactionChange {}

  /// Something became part of the transaction, which began if none was open.
  ///
  /// @param connection empty if it did not come on the connection of the producer's own steps
  @Kind(2)
  record Added(
      String transactionalId,
      List<@Shaped(by = PartitionColumn.class) PartitionId> partitions,
      List<String> groups,
      boolean bumpsEpoch,
      Optional<AgentConnection> connection,
      long timeMs)
      implements TransactionChange {}

  /// A transaction ended.
  ///
  /// @param markerEpoch the epoch that fences all that the producer has sent so far
  /// @param next what the producer is from now on
  /// @param before what the one that ended it was, if it may ask again as such; empty if the
  ///   producer is fenced or keeps its epoch
  /// @param bumpsEpoch whether each transaction of the producer's has an epoch of its own
  /// @param connection empty if no producer asked for it
  @Kind(3)
  record Ended(
      String transactionalId,
      boolean committed,
      short markerEpoch,
      ProducerEpoch next,
      Optional<ProducerEpoch> before,
      boolean bumpsEpoch,
      Optional<AgentConnection> connection,
      long timeMs)
      implements TransactionChange {}

  /// Transactional ids without an open transaction that were not used since then are forgotten.
  @Kind(4)
  record Expired(long unusedSinceMs, long timeMs) implements TransactionChange {}
}
