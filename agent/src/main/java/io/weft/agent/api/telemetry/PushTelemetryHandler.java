package io.weft.agent.api.telemetry;

import io.weft.agent.api.ApiHandler;
import io.weft.agent.network.Answer;
import io.weft.agent.network.Request;
import io.weft.environment.Clock;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.PushTelemetryRequestData;
import org.apache.kafka.common.message.PushTelemetryResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.requests.PushTelemetryRequest;
import org.apache.kafka.common.requests.PushTelemetryResponse;

/// PushTelemetry (KIP-714): takes what a client measured of itself. Thread-safe.
final class PushTelemetryHandler implements ApiHandler {
  /// Bytes of one push, as they are sent (`telemetry.max.bytes`).
  static final int BYTES_MAX = 1 << 20;

  /// Bytes of one push when it has been decompressed.
  private static final int DECOMPRESSED_BYTES_MAX = 4 * BYTES_MAX;

  private final ClientInstances instances;
  private final PushedMetrics pushed;
  private final Clock clock;

  PushTelemetryHandler(ClientInstances instances, PushedMetrics pushed, Clock clock) {
    this.instances = instances;
    this.pushed = pushed;
    this.clock = clock;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.PUSH_TELEMETRY;
  }

  @Override
  public Answer handle(Request request) {
    PushTelemetryRequest body = (PushTelemetryRequest) request.body();
    if (Uuid.RESERVED.contains(body.data().clientInstanceId())) {
      return new Answer.Ready(
          body.getErrorResponse(
              new InvalidRequestException("A push needs the id that the client was given.")));
    }
    ClientInstance client = instances.find(body.data().clientInstanceId(), request);
    Optional<ApiException> flaw = flaw(body.data(), client).or(() -> taken(body, client, request));
    if (flaw.isPresent()) {
      client.failed(Errors.forException(flaw.get()));
      return new Answer.Ready(body.getErrorResponse(flaw.get()));
    }
    return new Answer.Ready(new PushTelemetryResponse(new PushTelemetryResponseData()));
  }

  private Optional<ApiException> flaw(PushTelemetryRequestData data, ClientInstance client) {
    Errors mayPush = client.mayPush(clock.monotonicMs(), data.terminating());
    if (mayPush != Errors.NONE) {
      return Optional.of(mayPush.exception());
    }
    if (data.subscriptionId() != client.subscriptionId()) {
      return Optional.of(Errors.UNKNOWN_SUBSCRIPTION_ID.exception());
    }
    if (!isCompression(data.compressionType())) {
      return Optional.of(Errors.UNSUPPORTED_COMPRESSION_TYPE.exception());
    }
    return data.metrics().remaining() > BYTES_MAX
        ? Optional.of(Errors.TELEMETRY_TOO_LARGE.exception())
        : Optional.empty();
  }

  private Optional<ApiException> taken(
      PushTelemetryRequest body, ClientInstance client, Request request) {
    if (!body.data().metrics().hasRemaining()) {
      return Optional.empty();
    }
    try {
      ByteBuffer metrics = body.metricsData(DECOMPRESSED_BYTES_MAX);
      String clientId = request.header().clientId();
      pushed.take(client, clientId == null ? "" : clientId, metrics);
      return Optional.empty();
    } catch (ApiException e) {
      return Optional.of(e);
    } catch (KafkaException | MalformedMetricsException e) {
      return Optional.of(
          new InvalidRequestException("The metrics cannot be read: " + e.getMessage(), e));
    }
  }

  private static boolean isCompression(int id) {
    return id >= CompressionType.NONE.id && id <= CompressionType.ZSTD.id;
  }
}
