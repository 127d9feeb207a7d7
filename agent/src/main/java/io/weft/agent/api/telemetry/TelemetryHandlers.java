package io.weft.agent.api.telemetry;

import io.weft.agent.api.ApiHandler;
import io.weft.agent.api.ApiParts;
import io.weft.agent.catalog.LiveResources;
import io.weft.controlplane.api.admin.ResourceSettings;
import io.weft.controlplane.api.admin.ResourceSettings.Kind;
import io.weft.environment.Clock;
import java.util.List;

/// The handlers of metrics that clients push.
public final class TelemetryHandlers {
  private TelemetryHandlers() {}

  /// @param pushed where the metrics are kept
  public static List<ApiHandler> of(ApiParts parts, PushedMetrics pushed) {
    Clock clock = parts.environment().clock();
    ClientInstances instances =
        new ClientInstances(
            new LiveResources(
                parts.controlPlane().as(ResourceSettings.class), Kind.CLIENT_METRICS, clock),
            parts.environment());
    return List.of(
        new GetTelemetrySubscriptionsHandler(instances, clock),
        new PushTelemetryHandler(instances, pushed, clock));
  }
}
