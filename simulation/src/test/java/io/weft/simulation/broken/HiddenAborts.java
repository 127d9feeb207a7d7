package io.weft.simulation.broken;

import io.weft.controlplane.api.ControlPlane;
import io.weft.model.Extent;
import io.weft.model.Marker;
import io.weft.model.Span;
import io.weft.simulated.SimulatedProcess;
import io.weft.simulation.cluster.Build;
import java.util.List;
import java.util.function.UnaryOperator;

/// Agents do not hear which transactions were aborted.
public final class HiddenAborts implements Build {
  private static final Retold RETOLD =
      new Retold(UnaryOperator.identity(), HiddenAborts::committed, _ -> List.of());

  @Override
  public ControlPlane controlPlane(ControlPlane real, SimulatedProcess agent) {
    return RETOLD.of(real);
  }

  private static Span committed(Span span) {
    return switch (span) {
      case Extent extent -> extent;
      case Marker marker ->
          new Marker(
              marker.offset(),
              marker.producerId(),
              marker.producerEpoch(),
              true,
              marker.firstOffset(),
              marker.timeMs());
    };
  }
}
