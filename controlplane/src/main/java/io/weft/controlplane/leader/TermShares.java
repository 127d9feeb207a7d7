package io.weft.controlplane.leader;

import io.weft.controlplane.groups.ShareStates;
import io.weft.controlplane.state.ChangeListener;
import io.weft.controlplane.state.ControlPlaneState;
import io.weft.controlplane.state.share.ShareChange;
import io.weft.model.PartitionId;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// What share groups hold of partitions, as the groups see it: part of whatever turn it is.
record TermShares(ControlPlaneState state, Supplier<Turn> turn, ChangeListener changes)
    implements ShareStates {
  @Override
  public void initialize(String group, PartitionId partition, int stateEpoch, long startOffset) {
    Turn current = turn.get();
    state.changeShares(
        new ShareChange.Begun(group, stateEpoch, List.of(partition), Math.max(-1, startOffset)),
        current.nowMs(),
        current.records(),
        changes);
  }

  @Override
  public void delete(String group, PartitionId partition) {
    Turn current = turn.get();
    state.changeShares(
        new ShareChange.Ended(group, List.of(partition)),
        current.nowMs(),
        current.records(),
        changes);
  }

  @Override
  public Optional<Summary> summary(String group, PartitionId partition) {
    return state
        .shareSummary(group, partition)
        .map(summary -> new Summary(summary.startOffset(), summary.lag()));
  }
}
