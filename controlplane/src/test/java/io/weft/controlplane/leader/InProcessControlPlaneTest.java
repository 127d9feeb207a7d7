package io.weft.controlplane.leader;

import io.weft.controlplane.api.ControlPlane;
import io.weft.controlplane.api.ControlPlaneContract;
import io.weft.environment.Environment;
import io.weft.simulated.SimulatedStore;

final class InProcessControlPlaneTest extends ControlPlaneContract {
  private static final long START_MS_MAX = 30_000;

  @Override
  protected ControlPlane open() {
    LeaderSeat seat =
        LeaderSeat.open(
            new SimulatedStore(), LeaderSettings.standard("test", true), Environment.system());
    seat.awaitLeading(START_MS_MAX);
    return seat;
  }
}
