package io.weft.server.process;

import io.weft.controlplane.api.ControlPlane;
import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.TopicCatalog.Position;
import io.weft.controlplane.rpc.HostPort;
import io.weft.controlplane.rpc.RpcClientSettings;
import io.weft.controlplane.rpc.RpcPort;
import io.weft.environment.Environment;
import io.weft.environment.Outage;
import io.weft.server.metrics.Readiness;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Waits for the control plane: in a deployment there is no order of starting.
final class Patience {
  private static final Logger LOG = LoggerFactory.getLogger(Patience.class);
  private static final long PAUSE_MS = 500;

  /// A first try ends after so long, so that an operator is told at once what is waited for; later
  /// ones have the time of every call.
  private static final long FIRST_TRY_MS = 1_000;

  private Patience() {}

  /// Tries until the control plane answers.
  ///
  /// @return the id of its cluster
  static String awaitAnswer(List<HostPort> addresses, Readiness readiness, Environment environment)
      throws InterruptedException {
    String name =
        "the control plane at "
            + addresses.stream().map(HostPort::toString).collect(Collectors.joining(","));
    readiness.waitFor(name);
    Outage outage = new Outage();
    RpcClientSettings settings = quick();
    while (true) {
      try (ControlPlane controlPlane = RpcPort.connect(addresses, settings, environment)) {
        String clusterId = controlPlane.as(TopicCatalog.class).page(Position.NOWHERE).clusterId();
        if (outage.ends()) {
          LOG.info("{} answers", name);
        }
        return clusterId;
      } catch (ControlPlaneException.Unavailable e) {
        if (Thread.interrupted()) {
          throw new InterruptedException(e.getMessage());
        }
        if (outage.isNews(e.getMessage())) {
          LOG.warn("waiting for {}: {}", name, e.getMessage());
        }
        settings = RpcClientSettings.defaults();
      }
      environment.tasks().sleepMs(PAUSE_MS);
    }
  }

  private static RpcClientSettings quick() {
    RpcClientSettings usual = RpcClientSettings.defaults();
    return new RpcClientSettings(
        usual.security(),
        FIRST_TRY_MS,
        FIRST_TRY_MS,
        usual.feedSilenceMs(),
        usual.messageBytesMax());
  }
}
