package io.weft.controlplane.groups;

import io.weft.model.PartitionId;
import java.util.Optional;

/// What share groups hold of partitions, which is kept elsewhere in the state. Called in a step,
/// and part of it.
public interface ShareStates {
  /// For a control plane that keeps none.
  ShareStates NONE =
      new ShareStates() {
        @Override
        public void initialize(
            String group, PartitionId partition, int stateEpoch, long startOffset) {}

        @Override
        public void delete(String group, PartitionId partition) {}

        @Override
        public Optional<Summary> summary(String group, PartitionId partition) {
          return Optional.empty();
        }
      };

  /// A group begins to read a partition.
  ///
  /// @param startOffset -1 if it is not known yet
  void initialize(String group, PartitionId partition, int stateEpoch, long startOffset);

  void delete(String group, PartitionId partition);

  Optional<Summary> summary(String group, PartitionId partition);

  /// @param startOffset the first offset that is not done with; -1 if that is not known yet
  /// @param lag records that are not done with; -1 likewise
  record Summary(long startOffset, long lag) {}
}
