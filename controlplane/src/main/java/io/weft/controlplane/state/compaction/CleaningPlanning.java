package io.weft.controlplane.state.compaction;

import io.weft.controlplane.api.file.Cleanings.Assignment;
import io.weft.model.AgentId;
import io.weft.model.PartitionId;

/// Says what is to be cleaned. Not part of the state: a leader has it for as long as it leads.
public interface CleaningPlanning {
  /// There is never anything to clean.
  CleaningPlanning NONE =
      new CleaningPlanning() {
        @Override
        public Assignment next(AgentId agent) {
          return new Assignment.Nothing();
        }

        @Override
        public void swapped(boolean done) {}

        @Override
        public void sumsDiffered(PartitionId partition) {}

        @Override
        public void givenUp(AgentId agent, long job, boolean forLong) {}
      };

  Assignment next(AgentId agent);

  /// A swap was decided; those of jobs of leaders before are among them.
  void swapped(boolean done);

  /// A swap is refused since the partition's sums are not what they must be. It would be so again.
  void sumsDiffered(PartitionId partition);

  void givenUp(AgentId agent, long job, boolean forLong);
}
