package io.weft.server.process;

import io.weft.controlplane.api.ControlPlaneException;
import io.weft.environment.Environment;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Starts what needs the control plane, whichever of the two is started first.
final class Patience {
  private static final Logger LOG = LoggerFactory.getLogger(Patience.class);
  private static final long PAUSE_MS = 500;

  private Patience() {}

  /// Tries until the control plane answers: in a deployment there is no order of starting.
  static <T> T start(Supplier<T> start, Environment environment) throws InterruptedException {
    while (true) {
      try {
        return start.get();
      } catch (ControlPlaneException.Unavailable e) {
        LOG.info("waiting for the control plane: {}", e.getMessage());
        environment.tasks().sleepMs(PAUSE_MS);
      }
    }
  }
}
