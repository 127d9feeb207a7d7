package io.weft.simulation.broken;

import io.weft.controlplane.api.ControlPlane;
import io.weft.controlplane.api.PartitionBounds;
import io.weft.simulated.SimulatedProcess;
import io.weft.simulation.cluster.Build;
import java.util.function.UnaryOperator;

/// Committed readers may read one record further than the last stable offset.
public final class EarlyStableEnd implements Build {
  private static final Retold RETOLD =
      new Retold(EarlyStableEnd::further, UnaryOperator.identity(), UnaryOperator.identity());

  @Override
  public ControlPlane controlPlane(ControlPlane real, SimulatedProcess agent) {
    return RETOLD.of(real);
  }

  private static PartitionBounds further(PartitionBounds real) {
    return new PartitionBounds(
        real.logStartOffset(),
        real.highWatermark(),
        Math.min(real.highWatermark(), real.lastStableOffset() + 1));
  }
}
