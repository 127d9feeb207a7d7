package io.weft.server.process;

import io.weft.controlplane.api.ControlPlane;
import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.TopicCatalog.Position;
import io.weft.controlplane.rpc.RpcClientSettings;
import io.weft.controlplane.rpc.RpcPort;
import io.weft.environment.Environment;
import io.weft.rpc.HostPort;
import io.weft.server.metrics.Readiness;
import java.util.List;
import java.util.stream.Collectors;

/// Waits for the control plane: in a deployment there is no order of starting.
final class ControlPlaneWait {
  /// A first try ends after so long, so that an operator is told at once what is waited for; later
  /// ones have the time of every call.
  private static final long FIRST_TRY_MS = 1_000;

  private ControlPlaneWait() {}

  /// Tries until the control plane answers.
  ///
  /// @param level of formats, the highest that this process knows
  /// @return the id of its cluster
  static String awaitAnswer(
      List<HostPort> addresses, int level, Readiness readiness, Environment environment)
      throws InterruptedException {
    String name =
        "the control plane at "
            + addresses.stream().map(HostPort::toString).collect(Collectors.joining(","));
    readiness.waitFor(name);
    return FirstAnswer.of(
        name,
        ControlPlaneException.Unavailable.class,
        environment,
        first ->
            clusterId(
                addresses, first ? quick() : RpcClientSettings.defaults(), level, environment));
  }

  private static String clusterId(
      List<HostPort> addresses, RpcClientSettings settings, int level, Environment environment) {
    try (ControlPlane controlPlane = RpcPort.connect(addresses, settings, level, environment)) {
      return controlPlane.as(TopicCatalog.class).page(Position.NOWHERE).clusterId();
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
