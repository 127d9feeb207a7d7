package io.weft.agent.api.telemetry;

import java.util.Map;

/// One metric of one client, as it stands.
///
/// @param metric the name the client gave it
/// @param counts whether it only grows, rather than going up and down
/// @param attributes by name order; what the client tells its metrics of one name apart by
public record PushedSeries(
    String metric,
    boolean counts,
    String clientInstanceId,
    String clientId,
    Map<String, String> attributes,
    double value) {}
