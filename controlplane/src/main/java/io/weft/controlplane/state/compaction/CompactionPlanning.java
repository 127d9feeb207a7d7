package io.weft.controlplane.state.compaction;

import io.weft.controlplane.api.file.Compactions.Assignment;
import io.weft.model.AgentId;
import io.weft.model.PartitionId;
import java.util.List;

/// Says what is to be merged. Not part of the state: a leader has it for as long as it leads.
public interface CompactionPlanning {
  /// There is never anything to merge.
  CompactionPlanning NONE =
      new CompactionPlanning() {
        @Override
        public Assignment next(AgentId agent, long bytesMax) {
          return new Assignment.Nothing();
        }

        @Override
        public void ended(long job, boolean swapped) {}

        @Override
        public void sumsDiffered(PartitionId partition, List<Long> files) {}

        @Override
        public void givenUp(AgentId agent, long job, List<Long> unreadable) {}
      };

  Assignment next(AgentId agent, long bytesMax);

  /// A job's swap was decided; jobs of leaders before are among them.
  void ended(long job, boolean swapped);

  /// A swap is refused since the sums of what a partition has in these files are not what they must
  /// be. It would be so again.
  void sumsDiffered(PartitionId partition, List<Long> files);

  void givenUp(AgentId agent, long job, List<Long> unreadable);
}
