package io.weft.agent.api.telemetry;

import io.weft.environment.Clock;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.shaded.com.google.protobuf.InvalidProtocolBufferException;
import org.apache.kafka.shaded.io.opentelemetry.proto.common.v1.KeyValue;
import org.apache.kafka.shaded.io.opentelemetry.proto.metrics.v1.AggregationTemporality;
import org.apache.kafka.shaded.io.opentelemetry.proto.metrics.v1.Metric;
import org.apache.kafka.shaded.io.opentelemetry.proto.metrics.v1.MetricsData;
import org.apache.kafka.shaded.io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import org.apache.kafka.shaded.io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import org.apache.kafka.shaded.io.opentelemetry.proto.metrics.v1.ScopeMetrics;

/// What clients have pushed, until they fall silent: sums and gauges (Kafka's clients push nothing
/// else), each as it stands after the last push. Thread-safe.
public final class PushedMetrics {
  /// Series of all clients and of one; what comes on top is dropped and counted.
  static final int SERIES_MAX = 20_000;

  static final int SERIES_PER_CLIENT_MAX = 1_000;

  private static final int ATTRIBUTES_MAX = 8;
  private static final int CHARS_MAX = 256;

  /// How long a client that pushes nothing is shown, at least; else three of its intervals.
  private static final long SILENT_MS_MIN = 60_000;

  private static final int SILENT_INTERVALS = 3;

  private final Clock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Uuid, Client> clients = new LinkedHashMap<>();
  private int seriesCount;
  private long seriesDropped;

  private record Key(String metric, Map<String, String> attributes) {}

  private static final class Client {
    private final Map<Key, PushedSeries> series = new LinkedHashMap<>();
    private long shownUntilMs;
  }

  public PushedMetrics(Clock clock) {
    this.clock = clock;
  }

  /// All series, by client.
  public List<PushedSeries> series() {
    lock.lock();
    try {
      forgetSilent();
      List<PushedSeries> all = new ArrayList<>(seriesCount);
      clients.values().forEach(client -> all.addAll(client.series.values()));
      return all;
    } finally {
      lock.unlock();
    }
  }

  /// Series that were not kept, since there were as many as there may be.
  public long seriesDropped() {
    lock.lock();
    try {
      return seriesDropped;
    } finally {
      lock.unlock();
    }
  }

  /// @param metrics a `MetricsData` message of the OpenTelemetry protocol
  void take(ClientInstance from, String clientId, ByteBuffer metrics)
      throws MalformedMetricsException {
    // One at a time: what a message becomes when it is parsed is many times its bytes.
    lock.lock();
    try {
      forgetSilent();
      MetricsData data = MetricsData.parseFrom(metrics);
      Client client = clients.computeIfAbsent(from.id(), _ -> new Client());
      client.shownUntilMs =
          clock.monotonicMs()
              + Math.max(SILENT_MS_MIN, (long) SILENT_INTERVALS * from.intervalMs());
      for (ResourceMetrics resource : data.getResourceMetricsList()) {
        for (ScopeMetrics scope : resource.getScopeMetricsList()) {
          scope
              .getMetricsList()
              .forEach(metric -> take(client, from.id().toString(), clientId, metric));
        }
      }
    } catch (InvalidProtocolBufferException e) {
      throw new MalformedMetricsException("not in the form of OpenTelemetry", e);
    } finally {
      lock.unlock();
    }
  }

  private void take(Client client, String instanceId, String clientId, Metric metric) {
    boolean counts = metric.hasSum() && metric.getSum().getIsMonotonic();
    boolean adds =
        metric.hasSum()
            && metric.getSum().getAggregationTemporality()
                == AggregationTemporality.AGGREGATION_TEMPORALITY_DELTA;
    List<NumberDataPoint> points =
        metric.hasSum()
            ? metric.getSum().getDataPointsList()
            : metric.getGauge().getDataPointsList();
    for (NumberDataPoint point : points) {
      Key key = new Key(shortened(metric.getName()), attributes(point));
      PushedSeries before = client.series.get(key);
      if (before == null && !hasRoom(client)) {
        seriesDropped++;
        continue;
      }
      double value = point.hasAsInt() ? point.getAsInt() : point.getAsDouble();
      client.series.put(
          key,
          new PushedSeries(
              key.metric,
              counts,
              instanceId,
              shortened(clientId),
              key.attributes,
              adds && before != null ? before.value() + value : value));
      seriesCount += before == null ? 1 : 0;
    }
  }

  private boolean hasRoom(Client client) {
    return seriesCount < SERIES_MAX && client.series.size() < SERIES_PER_CLIENT_MAX;
  }

  private void forgetSilent() {
    long nowMs = clock.monotonicMs();
    clients
        .values()
        .removeIf(
            client -> {
              boolean isSilent = client.shownUntilMs < nowMs;
              seriesCount -= isSilent ? client.series.size() : 0;
              return isSilent;
            });
  }

  private static Map<String, String> attributes(NumberDataPoint point) {
    Map<String, String> attributes = new TreeMap<>();
    for (KeyValue attribute : point.getAttributesList()) {
      if (attributes.size() < ATTRIBUTES_MAX) {
        attributes.put(shortened(attribute.getKey()), text(attribute));
      }
    }
    return Collections.unmodifiableMap(attributes);
  }

  private static String text(KeyValue attribute) {
    return shortened(
        switch (attribute.getValue().getValueCase()) {
          case STRING_VALUE -> attribute.getValue().getStringValue();
          case INT_VALUE -> Long.toString(attribute.getValue().getIntValue());
          case BOOL_VALUE -> Boolean.toString(attribute.getValue().getBoolValue());
          case DOUBLE_VALUE -> Double.toString(attribute.getValue().getDoubleValue());
          case ARRAY_VALUE, KVLIST_VALUE, BYTES_VALUE, VALUE_NOT_SET -> "";
        });
  }

  private static String shortened(String text) {
    return text.substring(0, Math.min(CHARS_MAX, text.length()));
  }
}
