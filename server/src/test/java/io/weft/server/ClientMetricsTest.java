package io.weft.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.server.clients.BoundedProducer;
import io.weft.server.process.RawClient;
import io.weft.server.process.WeftProcess;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.GetTelemetrySubscriptionsRequestData;
import org.apache.kafka.common.message.GetTelemetrySubscriptionsResponseData;
import org.apache.kafka.common.message.PushTelemetryRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.GetTelemetrySubscriptionsResponse;
import org.apache.kafka.common.requests.PushTelemetryResponse;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Clients push what they measure of themselves (KIP-714), and it is seen under `/metrics`.
class ClientMetricsTest {
  private static final Duration WAIT_MAX = Duration.ofMinutes(2);

  @TempDir Path folder;

  private WeftProcess weft;

  @BeforeEach
  void start() throws Exception {
    weft = WeftProcess.dev(folder, "--metrics-listen", "127.0.0.1:0", "--flush-interval-ms", "5");
  }

  @AfterEach
  void stop() {
    weft.close();
  }

  @Test
  void anUntunedJavaProducerPushesAndIsSeen() throws Exception {
    subscribe("fast", Map.of("interval.ms", "100", "metrics", "*"));
    Map<String, Object> settings =
        Map.of("bootstrap.servers", weft.address(), "client.id", "telemetric");
    try (BoundedProducer<byte[], byte[]> producer =
        new BoundedProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      Instant deadline = Instant.now().plus(WAIT_MAX);
      String shown = "";
      while (!shown.contains("client_id=\"telemetric\"") && Instant.now().isBefore(deadline)) {
        producer.send(new ProducerRecord<>("t", new byte[10])).get();
        shown = WeftProcess.page(weft.process(), "/metrics").body();
      }
      assertThat(shown.lines())
          .anyMatch(
              line ->
                  line.startsWith("kafka_client_producer_record_send")
                      && line.contains("client_id=\"telemetric\"")
                      && line.contains(
                          "client_instance_id=\""
                              + producer.clientInstanceId(WAIT_MAX).toString()
                              + "\""));
    }
  }

  @Test
  void onlyClientsThatMatchAreSubscribed() throws Exception {
    subscribe("mine", Map.of("metrics", "a.,b.", "match", "client_id=some.*"));
    subscribe("others", Map.of("metrics", "c.", "interval.ms", "100", "match", "client_id=x"));

    GetTelemetrySubscriptionsResponseData found = subscriptions(Uuid.ZERO_UUID);
    assertThat(found.requestedMetrics()).isEmpty();
    assertThat(found.pushIntervalMs()).isEqualTo(300_000);
    subscribe("tester", Map.of("metrics", "d.", "match", "client_id=bad-.*"));
    Instant deadline = Instant.now().plus(WAIT_MAX);
    while (found.requestedMetrics().isEmpty() && Instant.now().isBefore(deadline)) {
      found = subscriptions(Uuid.ZERO_UUID);
    }
    assertThat(found.requestedMetrics()).containsExactly("d.");
    assertThat(found.acceptedCompressionTypes())
        .containsExactly((byte) 4, (byte) 3, (byte) 1, (byte) 2);
  }

  @Test
  void whatMayNotBePushedIsRefused() throws Exception {
    GetTelemetrySubscriptionsResponseData found = subscriptions(Uuid.ZERO_UUID);
    Uuid id = found.clientInstanceId();
    assertThat(id).isNotEqualTo(Uuid.ZERO_UUID);
    assertThat(Errors.forCode(subscriptions(id).errorCode()))
        .isEqualTo(Errors.THROTTLING_QUOTA_EXCEEDED);

    assertThat(push(Uuid.ZERO_UUID, 1, 0, new byte[0])).isEqualTo(Errors.INVALID_REQUEST);
    assertThat(push(id, found.subscriptionId() + 1, 0, new byte[0]))
        .isEqualTo(Errors.UNKNOWN_SUBSCRIPTION_ID);
    int again = subscriptions(id).subscriptionId();
    assertThat(again).isEqualTo(found.subscriptionId());
    assertThat(push(id, again, 9, new byte[0])).isEqualTo(Errors.UNSUPPORTED_COMPRESSION_TYPE);
    subscriptions(id);
    assertThat(push(id, again, 0, new byte[found.telemetryMaxBytes() + 1]))
        .isEqualTo(Errors.TELEMETRY_TOO_LARGE);
    assertThat(push(id, again, 0, new byte[0])).isEqualTo(Errors.THROTTLING_QUOTA_EXCEEDED);
  }

  @Test
  void bytesThatAreNoMetricsAreRefused() throws Exception {
    for (int compression : new int[] {0, 1, 2, 3, 4}) {
      GetTelemetrySubscriptionsResponseData found = subscriptions(Uuid.ZERO_UUID);
      byte[] noise = {1, 2, 3, (byte) compression, 5, 6, 7, 8, 9, 10, 11, 12};
      assertThat(push(found.clientInstanceId(), found.subscriptionId(), compression, noise))
          .as("compression %d", compression)
          .isEqualTo(Errors.INVALID_REQUEST);
    }
  }

  private void subscribe(String name, Map<String, String> settings) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", weft.address()))) {
      List<AlterConfigOp> changes =
          settings.entrySet().stream()
              .map(
                  one ->
                      new AlterConfigOp(
                          new ConfigEntry(one.getKey(), one.getValue()), AlterConfigOp.OpType.SET))
              .toList();
      admin
          .incrementalAlterConfigs(
              Map.of(new ConfigResource(ConfigResource.Type.CLIENT_METRICS, name), changes))
          .all()
          .get();
    }
  }

  private GetTelemetrySubscriptionsResponseData subscriptions(Uuid id) throws Exception {
    try (RawClient client = new RawClient(weft.port())) {
      return ((GetTelemetrySubscriptionsResponse)
              client.ask(
                  ApiKeys.GET_TELEMETRY_SUBSCRIPTIONS,
                  (short) 0,
                  new GetTelemetrySubscriptionsRequestData().setClientInstanceId(id)))
          .data();
    }
  }

  private Errors push(Uuid id, int subscriptionId, int compression, byte[] metrics)
      throws Exception {
    PushTelemetryRequestData data =
        new PushTelemetryRequestData()
            .setClientInstanceId(id)
            .setSubscriptionId(subscriptionId)
            .setCompressionType((byte) compression)
            .setMetrics(ByteBuffer.wrap(metrics));
    try (RawClient client = new RawClient(weft.port())) {
      return ((PushTelemetryResponse) client.ask(ApiKeys.PUSH_TELEMETRY, (short) 0, data)).error();
    }
  }
}
