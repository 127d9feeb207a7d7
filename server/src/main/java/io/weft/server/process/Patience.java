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
  static void awaitAnswer(ControlPlane controlPlane, Environment environment)
      throws InterruptedException {
    while (true) {
      try {
        controlPlane.topics().read(-1);
        return;
      } catch (ControlPlaneException.Unavailable e) {
        LOG.info("waiting for the control plane: {}", e.getMessage());
        environment.tasks().sleepMs(PAUSE_MS);
      }
    }
  }
}
