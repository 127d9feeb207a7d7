package io.weft.controlplane.groups;

import io.weft.model.PartitionId;
import java.util.List;
import java.util.Optional;

/// What share groups hold of partitions, which is kept elsewhere in the state. Called in a step,
/// and part of it.
public interface ShareStates {
  /// For a control plane that keeps none.
  ShareStates NONE =
      new ShareStates() {
        @Override
        public boolean initialize(String group, List<Beginning> beginnings) {
          return true;
        }

        @Override
        public void delete(String group, PartitionId partition) {}

        @Override
        public Optional<Summary> summary(String group, PartitionId partition) {
          return Optional.empty();
        }
      };

  /// A group begins to read partitions.
  ///
  /// @return false if there would be too many; then nothing has changed
  boolean initialize(String group, List<Beginning> beginnings);

  /// @param startOffset -1 if it is not known yet
  record Beginning(PartitionId partition, int stateEpoch, long startOffset) {}

  void delete(String group, PartitionId partition);

  Optional<Summary> summary(String group, PartitionId partition);

  /// @param startOffset the first offset that is not done with; -1 if that is not known yet
  /// @param lag records that are not done with; -1 likewise
  record Summary(long startOffset, long lag) {}
}
