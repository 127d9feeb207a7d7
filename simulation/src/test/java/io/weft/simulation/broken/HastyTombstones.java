package io.weft.simulation.broken;

import io.weft.controlplane.api.ControlPlane;
import io.weft.controlplane.api.file.Cleanings;
import io.weft.controlplane.api.file.Compactions.Swap;
import io.weft.controlplane.api.file.Compactions.SwapOutcome;
import io.weft.model.AgentId;
import io.weft.simulated.SimulatedProcess;
import io.weft.simulation.cluster.Build;

/// Tombstones go when they are seen for the second time, whatever their topic says.
public final class HastyTombstones implements Build {
  @Override
  public ControlPlane controlPlane(ControlPlane real, SimulatedProcess agent) {
    return Altered.of(real).with(Cleanings.class, new Hasty(real.as(Cleanings.class)));
  }

  private record Hasty(Cleanings real) implements Cleanings {
    @Override
    public Assignment next(AgentId agent) {
      return switch (real.next(agent)) {
        case Assignment.Nothing nothing -> nothing;
        case Assignment.Job job ->
            new Assignment.Job(
                job.id(), job.partition(), job.dirtyFrom(), job.end(), job.nowMs(), 0);
      };
    }

    @Override
    public SwapOutcome swap(AgentId agent, Swap swap) {
      return real.swap(agent, swap);
    }

    @Override
    public void giveUp(AgentId agent, long job, boolean forLong) {
      real.giveUp(agent, job, forLong);
    }
  }
}
