package io.weft.simulation.broken;

import io.weft.controlplane.api.ControlPlane;
import io.weft.controlplane.api.ShareGroups;
import io.weft.model.PartitionId;
import io.weft.simulated.SimulatedProcess;
import io.weft.simulation.cluster.Build;
import java.util.List;
import java.util.Optional;

/// Members are told that what they say of their records is taken before anybody knows: the control
/// plane hears of one acknowledgement in two.
public final class HastyQueue implements Build {
  @Override
  public ControlPlane controlPlane(ControlPlane real, SimulatedProcess agent) {
    return Altered.of(real).with(ShareGroups.class, new Hasty(real.as(ShareGroups.class)));
  }

  private record Hasty(ShareGroups real) implements ShareGroups {
    @Override
    public Acquisition acquire(AcquireOrder order) {
      return real.acquire(order);
    }

    @Override
    public List<AcknowledgeOutcome> acknowledge(AcknowledgeOrder order) {
      return order.callId() % 2 == 0
          ? real.acknowledge(order)
          : order.partitions().stream().map(_ -> AcknowledgeOutcome.DONE).toList();
    }

    @Override
    public boolean release(String group, String member, List<PartitionId> partitions) {
      return real.release(group, member, partitions);
    }

    @Override
    public boolean begin(String group, List<PartitionId> partitions, Optional<Long> startOffset) {
      return real.begin(group, partitions, startOffset);
    }

    @Override
    public boolean startAt(String group, PartitionId partition, long startOffset) {
      return real.startAt(group, partition, startOffset);
    }
  }
}
