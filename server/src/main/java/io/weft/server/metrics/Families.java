package io.weft.server.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/// The metrics of one answer, as they are put together. Owned by one thread.
final class Families {
  private final List<MetricSnapshot> families = new ArrayList<>();

  /// @param name without `_total`, which the text form adds
  Families counter(String name, String help, double value) {
    return counters(name, help, Map.of(Labels.EMPTY, value));
  }

  Families counter(String name, String help, long value) {
    return counter(name, help, (double) value);
  }

  Families counters(String name, String help, Map<Labels, Double> values) {
    CounterSnapshot.Builder family = CounterSnapshot.builder().name(name).help(help);
    values.forEach(
        (labels, value) ->
            family.dataPoint(
                CounterDataPointSnapshot.builder().labels(labels).value(value).build()));
    families.add(family.build());
    return this;
  }

  Families gauge(String name, String help, long value) {
    return gauges(name, help, Map.of(Labels.EMPTY, (double) value));
  }

  Families gauges(String name, String help, Map<Labels, Double> values) {
    GaugeSnapshot.Builder family = GaugeSnapshot.builder().name(name).help(help);
    values.forEach(
        (labels, value) ->
            family.dataPoint(GaugeDataPointSnapshot.builder().labels(labels).value(value).build()));
    families.add(family.build());
    return this;
  }

  Families addAll(Collection<? extends MetricSnapshot> more) {
    families.addAll(more);
    return this;
  }

  MetricSnapshots toSnapshots() {
    return new MetricSnapshots(families);
  }
}
