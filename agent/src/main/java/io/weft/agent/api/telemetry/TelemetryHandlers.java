package io.weft.agent.api.telemetry;

import io.weft.agent.api.ApiHandler;
import io.weft.agent.catalog.LiveResources;
import io.weft.controlplane.api.admin.ResourceSettings;
import io.weft.controlplane.api.admin.ResourceSettings.Kind;
import io.weft.environment.Clock;
import io.weft.environment.Environment;
import java.util.List;

/// The handlers of metrics that clients push.
public final class TelemetryHandlers {
  private TelemetryHandlers() {}

  /// @param pushed where the metrics are kept
  public static List<ApiHandler> of(
      ResourceSettings resources, PushedMetrics pushed, Environment environment) {
    Clock clock = environment.clock();
    ClientInstances instances =
        new ClientInstances(new LiveResources(resources, Kind.CLIENT_METRICS, clock), environment);
    return List.of(
        new GetTelemetrySubscriptionsHandler(instances, clock),
        new PushTelemetryHandler(instances, pushed, clock));
  }
}
