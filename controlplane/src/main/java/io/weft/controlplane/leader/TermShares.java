package io.weft.controlplane.leader;

import io.weft.controlplane.groups.ShareStates;
import io.weft.controlplane.state.ControlPlaneState;
import io.weft.controlplane.state.share.ShareChange;
import io.weft.controlplane.state.share.ShareChanged;
import io.weft.model.PartitionId;
import java.util.List;
import java.util.Optional;

/// What share groups hold of partitions, as the groups see it: part of whatever step it is.
record TermShares(ControlPlaneState state) implements ShareStates {
  @Override
  public boolean initialize(String group, List<Beginning> beginnings) {
    if (!state.shares().hasRoom(group, beginnings.stream().map(Beginning::partition).toList())) {
      return false;
    }
    for (Beginning each : beginnings) {
      state.make(
          new ShareChanged(
              new ShareChange.Begun(
                  group,
                  each.stateEpoch(),
                  Math.max(-1, each.startOffset()),
                  List.of(each.partition()))));
    }
    return true;
  }

  @Override
  public void delete(String group, PartitionId partition) {
    state.make(new ShareChanged(new ShareChange.Ended(group, List.of(partition))));
  }

  @Override
  public Optional<Summary> summary(String group, PartitionId partition) {
    return state
        .shares()
        .summary(group, partition)
        .map(summary -> new Summary(summary.startOffset(), summary.lag()));
  }
}
