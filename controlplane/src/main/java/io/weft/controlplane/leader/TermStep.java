package io.weft.controlplane.leader;

import io.weft.controlplane.api.TopicCatalog.CreateOutcome;
import io.weft.controlplane.api.TopicCatalog.NewTopic;
import io.weft.controlplane.api.transaction.ProducerEpoch;
import io.weft.controlplane.api.transaction.TransactionStep.Asker;
import io.weft.controlplane.api.transaction.Transactions.Outcome;
import io.weft.controlplane.command.Command;
import io.weft.controlplane.groups.GroupStep;
import io.weft.controlplane.state.ChangeListener;
import io.weft.controlplane.state.ControlPlaneState;
import io.weft.controlplane.state.StateRecord;
import io.weft.model.AgentId;

/// A turn as the groups see it.
record TermStep(ControlPlaneState state, Turn turn, ChangeListener changes) implements GroupStep {
  /// A group's offsets may come another way than the producer's own steps: it supersedes none.
  private static final AgentId ANY_AGENT = new AgentId(0);

  private static final long ANY_CONNECTION = 0;

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
        .commitOffsets(
            new Asker(transactionalId, ANY_AGENT, ANY_CONNECTION), producer, group, addsItself);
  }

  @Override
  public CreateOutcome createTopic(NewTopic topic) {
    return state.take(new Command.CreateTopic(topic), turn.nowMs(), turn.records(), changes);
  }
}
