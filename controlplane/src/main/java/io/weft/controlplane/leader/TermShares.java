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
  public boolean initialize(String group, List<Beginning> beginnings) {
    if (!state.hasShareRoom(group, beginnings.stream().map(Beginning::partition).toList())) {
      return false;
    }
    Turn current = turn.get();
    for (Beginning each : beginnings) {
      state.changeShares(
          new ShareChange.Begun(
              group,
              each.stateEpoch(),
              Math.max(-1, each.startOffset()),
              List.of(each.partition())),
          current.nowMs(),
          current.records(),
          changes);
    }
    return true;
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
