package io.weft.simulation.broken;

import io.weft.controlplane.api.ControlPlane;
import io.weft.controlplane.api.ShareGroups;
import io.weft.model.PartitionId;
import io.weft.simulated.SimulatedProcess;
import io.weft.simulation.cluster.Build;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The last record of each acquisition is taken for done with, and given to nobody.
public final class LeakyQueue implements Build {
  @Override
  public ControlPlane controlPlane(ControlPlane real, SimulatedProcess agent) {
    return Altered.of(real).with(ShareGroups.class, new Leaky(real.as(ShareGroups.class)));
  }

  private record Leaky(ShareGroups real) implements ShareGroups {
    @Override
    public Acquisition acquire(AcquireOrder order) {
      Acquisition acquired = real.acquire(order);
      List<Acquired> left = new ArrayList<>();
      for (int i = 0; i < order.partitions().size(); i++) {
        left.add(
            acquired.partitions().get(i) instanceof Acquired.Runs runs && !runs.runs().isEmpty()
                ? without(order, order.partitions().get(i), runs)
                : acquired.partitions().get(i));
      }
      return new Acquisition(acquired.lockMs(), acquired.committedOnly(), left);
    }

    @Override
    public List<AcknowledgeOutcome> acknowledge(AcknowledgeOrder order) {
      return real.acknowledge(order);
    }

    private Acquired without(AcquireOrder order, PartitionId partition, Acquired.Runs runs) {
      AcquiredRun last = runs.runs().getLast();
      long leaked = last.lastOffset();
      real.acknowledge(
          new AcknowledgeOrder(
              ~order.callId(),
              order.group(),
              order.member(),
              List.of(
                  new AcknowledgedPartition(
                      partition,
                      List.of(new AcknowledgedRun(leaked, leaked, Acknowledgement.ACCEPT))))));
      List<AcquiredRun> left = new ArrayList<>(runs.runs());
      left.removeLast();
      if (last.firstOffset() < leaked) {
        left.add(new AcquiredRun(last.firstOffset(), leaked - 1, last.deliveries()));
      }
      return new Acquired.Runs(runs.bounds(), runs.lockedElsewhere(), left);
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
