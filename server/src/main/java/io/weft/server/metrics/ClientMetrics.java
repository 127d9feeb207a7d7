package io.weft.server.metrics;

import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.PrometheusNaming;
import io.weft.agent.api.telemetry.PushedMetrics;
import io.weft.agent.api.telemetry.PushedSeries;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/// What clients pushed of themselves, as families of ours: `kafka_client_` and the client's own
/// name without `org.apache.kafka.`, with the client's id and its instance's, and the metric's own
/// attributes, as labels. Stateless.
final class ClientMetrics {
  private static final String PREFIX = "kafka_client_";
  private static final String KAFKAS_PREFIX = "org.apache.kafka.";
  private static final String HELP = "pushed by clients (KIP-714)";

  private ClientMetrics() {}

  /// The series of one name.
  ///
  /// @param counts as the first of them says; others of that name that say otherwise are left out,
  ///   for a family is of one kind
  private record Family(boolean counts, Map<Labels, Double> values) {}

  static void add(PushedMetrics pushed, Families families) {
    Map<String, Family> byName = new TreeMap<>();
    for (PushedSeries series : pushed.series()) {
      Family family =
          byName.computeIfAbsent(
              name(series.metric()), _ -> new Family(series.counts(), new LinkedHashMap<>()));
      if (family.counts == series.counts()) {
        family.values.put(
            labels(series), family.counts ? Math.max(0, series.value()) : series.value());
      }
    }
    byName.forEach(
        (name, family) -> {
          if (family.counts) {
            families.counters(name, HELP, family.values);
          } else {
            families.gauges(name, HELP, family.values);
          }
        });
    families.counter(
        "weft_client_metrics_dropped",
        "series pushed by clients on top of those that are kept",
        pushed.seriesDropped());
  }

  private static String name(String metric) {
    String own =
        metric.startsWith(KAFKAS_PREFIX) ? metric.substring(KAFKAS_PREFIX.length()) : metric;
    // Twice: what is behind one reserved ending may be another.
    return PrometheusNaming.sanitizeMetricName(
        PrometheusNaming.sanitizeMetricName(PREFIX + own.replaceAll("[^a-zA-Z0-9_]", "_")));
  }

  private static Labels labels(PushedSeries series) {
    Map<String, String> labels = new TreeMap<>();
    series.attributes().forEach((name, value) -> labels.put(label(name), value));
    labels.put("client_instance_id", series.clientInstanceId());
    labels.put("client_id", series.clientId());
    return Labels.of(
        labels.keySet().toArray(String[]::new), labels.values().toArray(String[]::new));
  }

  private static String label(String name) {
    String cleaned = name.replaceAll("[^a-zA-Z0-9_]", "_");
    return cleaned.matches("[a-zA-Z].*") ? cleaned : "a_" + cleaned;
  }
}
