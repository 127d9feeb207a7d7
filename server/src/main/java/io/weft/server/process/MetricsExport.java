package io.weft.server.process;

import io.weft.environment.Environment;
import io.weft.rpc.HostPort;
import io.weft.server.address.Addresses;
import io.weft.server.metrics.Metrics;
import io.weft.server.metrics.MetricsEndpoint;
import io.weft.server.metrics.Readiness;
import io.weft.server.settings.Settings;
import java.net.InetSocketAddress;

/// Shows a process's metrics, and whether it is ready, where its settings say, if they do.
final class MetricsExport {
  private static final String SETTING = "metrics.listen";

  private MetricsExport() {}

  /// Begins at once, so that a process that still waits for others can be looked at too.
  static void start(
      Settings settings,
      Metrics metrics,
      Readiness readiness,
      OpenedParts parts,
      Environment environment) {
    String text = settings.text(SETTING);
    if (text.isEmpty()) {
      return;
    }
    HostPort listen = Addresses.one(SETTING, text);
    MetricsEndpoint endpoint =
        Listening.at(
            "--metrics-listen",
            () ->
                MetricsEndpoint.start(
                    new InetSocketAddress(listen.host(), listen.port()),
                    metrics,
                    readiness,
                    environment));
    parts.add(endpoint::close);
    System.out.println(
        "Metrics are at http://"
            + new HostPort(listen.host(), endpoint.port())
            + MetricsEndpoint.PATH);
  }
}
