package io.weft.agent.api.telemetry;

import io.weft.agent.api.ApiHandler;
import io.weft.agent.network.Answer;
import io.weft.agent.network.Request;
import io.weft.environment.Clock;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.ThrottlingQuotaExceededException;
import org.apache.kafka.common.message.GetTelemetrySubscriptionsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.requests.GetTelemetrySubscriptionsRequest;
import org.apache.kafka.common.requests.GetTelemetrySubscriptionsResponse;

/// GetTelemetrySubscriptions (KIP-714): tells a client what to push, and gives it an id if it has
/// none. Thread-safe.
final class GetTelemetrySubscriptionsHandler implements ApiHandler {
  private static final List<Byte> COMPRESSION =
      List.of(
          CompressionType.ZSTD.id,
          CompressionType.LZ4.id,
          CompressionType.GZIP.id,
          CompressionType.SNAPPY.id);

  private final ClientInstances instances;
  private final Clock clock;

  GetTelemetrySubscriptionsHandler(ClientInstances instances, Clock clock) {
    this.instances = instances;
    this.clock = clock;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.GET_TELEMETRY_SUBSCRIPTIONS;
  }

  @Override
  public Answer handle(Request request) {
    GetTelemetrySubscriptionsRequest body = (GetTelemetrySubscriptionsRequest) request.body();
    Uuid asked = body.data().clientInstanceId();
    Uuid id = asked.equals(Uuid.ZERO_UUID) ? instances.newId() : asked;
    ClientInstance client = instances.find(id, request);
    if (!client.mayGet(clock.monotonicMs())) {
      return new Answer.Ready(
          body.getErrorResponse(
              new ThrottlingQuotaExceededException(
                  "The request came before the next push interval.")));
    }
    return new Answer.Ready(
        new GetTelemetrySubscriptionsResponse(
            new GetTelemetrySubscriptionsResponseData()
                .setClientInstanceId(id)
                .setSubscriptionId(client.subscriptionId())
                .setRequestedMetrics(client.metrics())
                .setAcceptedCompressionTypes(COMPRESSION)
                .setPushIntervalMs(client.intervalMs())
                .setTelemetryMaxBytes(PushTelemetryHandler.BYTES_MAX)
                .setDeltaTemporality(true)));
  }
}
