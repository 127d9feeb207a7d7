package io.weft.controlplane.leader;

import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.TopicCatalog.CreateOutcome;
import io.weft.controlplane.api.TopicCatalog.NewTopic;
import io.weft.controlplane.api.transaction.ProducerEpoch;
import io.weft.controlplane.api.transaction.Transactions.Outcome;
import io.weft.controlplane.command.Command;
import io.weft.controlplane.groups.GroupStep;
import io.weft.controlplane.state.ChangeListener;
import io.weft.controlplane.state.ControlPlaneState;
import io.weft.controlplane.state.StateRecord;

/// A turn as the groups see it.
record TermStep(ControlPlaneState state, Turn turn, ChangeListener changes) implements GroupStep {
  @Override
  public long nowMs() {
    return turn.nowMs();
  }

  @Override
  public void write(StateRecord row) {
    state.writeGroupRow(row, turn.nowMs(), turn.records(), changes);
  }

  @Override
  public Outcome stageOffsets(
      String transactionalId, ProducerEpoch producer, String group, boolean addsItself) {
    return state
        .transactions(turn.nowMs(), turn.records(), changes)
        .commitOffsets(transactionalId, producer, group, addsItself);
  }

  @Override
  public CreateOutcome createTopic(NewTopic topic) {
    return state.take(
        Command.of(TopicCatalog.class, it -> it.create(topic)),
        turn.nowMs(),
        turn.records(),
        changes);
  }
}
