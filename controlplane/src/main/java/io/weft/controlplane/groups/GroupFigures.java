package io.weft.controlplane.groups;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.coordinator.group.metrics.GroupCoordinatorMetrics;

/// What the coordinator counts of itself. Immutable.
///
/// @param groups by kind (`classic`, `consumer`, `share`, `streams`) and state, as the coordinator
///   last counted them: it does so every minute
/// @param rebalances completed in this term, by kind
/// @param offsetsCommitted in this term, and so on
public record GroupFigures(
    SortedMap<String, SortedMap<String, Long>> groups,
    SortedMap<String, Long> rebalances,
    long offsetsCommitted,
    long offsetsExpired,
    long offsetsDeleted) {
  public static final GroupFigures NONE =
      new GroupFigures(Collections.emptySortedMap(), Collections.emptySortedMap(), 0, 0, 0);

  private static final String GROUPS = "-group-count";
  private static final String REBALANCES = "-group-rebalance-count";

  static GroupFigures of(Metrics metrics) {
    SortedMap<String, SortedMap<String, Long>> groups = new TreeMap<>();
    SortedMap<String, Long> rebalances = new TreeMap<>();
    TreeMap<String, Long> others = new TreeMap<>();
    for (KafkaMetric metric : metrics.metrics().values()) {
      MetricName name = metric.metricName();
      if (!name.group().equals(GroupCoordinatorMetrics.METRICS_GROUP)
          || !(metric.metricValue() instanceof Number value)) {
        continue;
      }
      String state = name.tags().get("state");
      if (name.name().endsWith(GROUPS) && state != null) {
        groups
            .computeIfAbsent(kind(name.name(), GROUPS), _ -> new TreeMap<>())
            .put(state, value.longValue());
      } else if (name.name().endsWith(REBALANCES)) {
        rebalances.put(kind(name.name(), REBALANCES), value.longValue());
      } else {
        others.put(name.name(), value.longValue());
      }
    }
    rebalances.put("classic", others.getOrDefault("group-completed-rebalance-count", 0L));
    return new GroupFigures(
        groups,
        rebalances,
        others.getOrDefault("offset-commit-count", 0L),
        others.getOrDefault("offset-expiration-count", 0L),
        others.getOrDefault("offset-deletion-count", 0L));
  }

  private static String kind(String name, String end) {
    return name.substring(0, name.length() - end.length());
  }
}
