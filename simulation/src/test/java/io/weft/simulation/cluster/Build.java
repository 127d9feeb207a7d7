package io.weft.simulation.cluster;

import io.weft.agent.cache.Chunks;
import io.weft.agent.neighbour.NeighbourLink;
import io.weft.controlplane.api.ControlPlane;
import io.weft.controlplane.journal.Journal;
import io.weft.simulated.SimulatedProcess;

/// What processes are built of: the real parts, or parts with a bug put in front of them, to see
/// whether the simulation finds it. One per world.
public interface Build {
  Build HONEST = new Build() {};

  /// The control plane as one agent sees it.
  default ControlPlane controlPlane(ControlPlane real, SimulatedProcess agent) {
    return real;
  }

  /// The journal as one process of the control plane sees it.
  default Journal journal(Journal real, SimulatedProcess controlPlane) {
    return real;
  }

  /// How long a leader waits before it hands out dead files.
  default long fileDeleteGraceMs(long real) {
    return real;
  }

  /// The way to other agents, as one process uses it.
  default NeighbourLink neighbours(NeighbourLink real) {
    return real;
  }

  /// The chunks that fetches read.
  default Chunks chunks(Chunks real) {
    return real;
  }
}
