package io.weft.server.process;

import io.weft.controlplane.api.ControlPlane;
import io.weft.controlplane.api.ControlPlaneException;
import io.weft.environment.Environment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Waits for the control plane: in a deployment there is no order of starting.
final class Patience {
  private static final Logger LOG = LoggerFactory.getLogger(Patience.class);
  private static final long PAUSE_MS = 500;

  private Patience() {}

  /// Tries until the control plane answers.
  ///
  /// @return the id of its cluster
  static String awaitAnswer(ControlPlane controlPlane, Environment environment)
      throws InterruptedException {
    while (true) {
      try {
        return controlPlane
            .topics()
            .read(-1)
            .orElseThrow(() -> new IllegalStateException("no catalog for a first reader"))
            .clusterId();
      } catch (ControlPlaneException.Unavailable e) {
        LOG.info("waiting for the control plane: {}", e.getMessage());
        environment.tasks().sleepMs(PAUSE_MS);
      }
    }
  }
}
