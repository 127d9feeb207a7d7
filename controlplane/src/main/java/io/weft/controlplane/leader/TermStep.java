package io.weft.controlplane.leader;

import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.TopicCatalog.CreateOutcome;
import io.weft.controlplane.api.TopicCatalog.NewTopic;
import io.weft.controlplane.api.transaction.ProducerEpoch;
import io.weft.controlplane.api.transaction.Transactions.Outcome;
import io.weft.controlplane.groups.GroupStep;
import io.weft.controlplane.state.ControlPlaneState;
import io.weft.controlplane.state.part.StateRecord;

/// The state's current step as the groups see it.
///
/// @param nowMs of that step
record TermStep(ControlPlaneState state, long nowMs) implements GroupStep {
  @Override
  public void write(StateRecord row) {
    state.make(row);
  }

  @Override
  public Outcome stageOffsets(
      String transactionalId, ProducerEpoch producer, String group, boolean addsItself) {
    return state.transactions().commitOffsets(transactionalId, producer, group, addsItself);
  }

  @Override
  public CreateOutcome createTopic(NewTopic topic) {
    return state.as(TopicCatalog.class).create(topic);
  }
}
