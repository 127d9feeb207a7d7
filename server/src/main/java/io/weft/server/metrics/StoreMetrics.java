package io.weft.server.metrics;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.weft.storage.object.ObjectOperation;
import io.weft.storage.object.ObjectStoreFigures;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/// What was asked of each object store: every attempt, as a cloud bills it, by what it was for. A
/// purpose or an operation that was not seen has no line. Thread-safe.
final class StoreMetrics implements MultiCollector {
  private static final double MICROS_PER_SECOND = 1e6;
  private static final double NANOS_PER_SECOND = 1e9;

  /// The figures' ranges are quarters of a doubling; one bucket per doubling is enough to show.
  private static final int RANGES_PER_BUCKET = 4;

  private final List<Supplier<ObjectStoreFigures>> stores = new CopyOnWriteArrayList<>();

  void add(Supplier<ObjectStoreFigures> store) {
    stores.add(store);
  }

  @Override
  public MetricSnapshots collect() {
    Map<Labels, Double> requests = new LinkedHashMap<>();
    Map<Labels, Double> bytes = new LinkedHashMap<>();
    HistogramSnapshot.Builder seconds =
        HistogramSnapshot.builder()
            .name("weft_store_request_seconds")
            .help("how long attempts took, good and bad ones");
    for (Supplier<ObjectStoreFigures> store : stores) {
      ObjectStoreFigures figures = store.get();
      figures
          .purposes()
          .forEach(
              (purpose, operations) ->
                  operations.forEach(
                      (operation, of) -> {
                        if (of.calls() > 0) {
                          Labels labels =
                              labels(figures, operation).add("purpose", nameOf(purpose));
                          outcomes(of)
                              .forEach((name, n) -> requests.put(labels.add("outcome", name), n));
                          bytes.put(labels, (double) of.bytes());
                        }
                      }));
      figures
          .operations()
          .forEach(
              (operation, of) -> {
                if (of.calls() > 0) {
                  seconds.dataPoint(histogram(labels(figures, operation), of.latency()));
                }
              });
    }
    return new Families()
        .counters("weft_store_requests", "attempts, by what became of them", requests)
        .counters("weft_store_bytes", "object content moved by attempts that ended well", bytes)
        .addAll(List.of(seconds.build()))
        .toSnapshots();
  }

  private static Map<String, Double> outcomes(ObjectStoreFigures.OfOperation of) {
    Map<String, Double> outcomes = new LinkedHashMap<>();
    outcomes.put(
        "ok",
        (double) of.calls() - of.deferred() - of.unavailable() - of.rejected() - of.notFound());
    outcomes.put("deferred", (double) of.deferred());
    outcomes.put("unavailable", (double) of.unavailable());
    outcomes.put("rejected", (double) of.rejected());
    outcomes.put("not_found", (double) of.notFound());
    return outcomes;
  }

  private static HistogramDataPointSnapshot histogram(
      Labels labels, ObjectStoreFigures.Latency latency) {
    long[] counts = latency.counts();
    ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
    long inBucket = 0;
    for (int range = 0; range < counts.length; range++) {
      inBucket += counts[range];
      if (range == counts.length - 1) {
        buckets.bucket(Double.POSITIVE_INFINITY, inBucket);
      } else if (range % RANGES_PER_BUCKET == RANGES_PER_BUCKET - 1) {
        double end = ObjectStoreFigures.Latency.rangeEndMicros(range) / MICROS_PER_SECOND;
        buckets.bucket(end, inBucket);
        inBucket = 0;
      }
    }
    return HistogramDataPointSnapshot.builder()
        .labels(labels)
        .classicHistogramBuckets(buckets.build())
        .sum(latency.nanosSum() / NANOS_PER_SECOND)
        .build();
  }

  private static Labels labels(ObjectStoreFigures figures, ObjectOperation operation) {
    return Labels.of("store", figures.store(), "operation", nameOf(operation));
  }

  private static String nameOf(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
