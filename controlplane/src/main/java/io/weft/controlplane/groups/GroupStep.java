package io.weft.controlplane.groups;

import io.weft.controlplane.api.TopicCatalog.CreateOutcome;
import io.weft.controlplane.api.TopicCatalog.NewTopic;
import io.weft.controlplane.api.transaction.ProducerEpoch;
import io.weft.controlplane.api.transaction.Transactions.Outcome;
import io.weft.controlplane.state.part.StateRecord;

/// One step of the leader's turn, as the groups see it.
public interface GroupStep {
  /// The turn's time.
  long nowMs();

  /// Makes a record of the coordinator part of the state and of the turn's entry.
  void write(StateRecord row);

  /// Asks for a group's offsets to be staged in a producer's transaction.
  ///
  /// @param transactionalId not empty
  /// @param addsItself whether that makes the group part of the transaction; else it must be so
  Outcome stageOffsets(
      String transactionalId, ProducerEpoch producer, String group, boolean addsItself);

  /// @throws io.weft.controlplane.api.ControlPlaneException.Rejected and nothing has changed
  CreateOutcome createTopic(NewTopic topic);
}
