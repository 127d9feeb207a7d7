package io.weft.agent.api;

import io.weft.agent.network.Answer;
import io.weft.agent.network.ClientConnection;
import io.weft.agent.network.Request;
import io.weft.agent.network.RequestHandler;
import io.weft.controlplane.api.ControlPlaneException;
import io.weft.model.Invariant;
import io.weft.protocol.frame.OfferedApis;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.protocol.ApiKeys;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The Kafka APIs this agent answers: hands each request to its API's handler. Thread-safe.
public final class KafkaApi implements RequestHandler {
  private static final Logger LOG = LoggerFactory.getLogger(KafkaApi.class);

  private final Map<ApiKeys, ApiHandler> handlers = new EnumMap<>(ApiKeys.class);
  private final OfferedApis offered;

  /// @param others one handler per API; ApiVersions is answered here, from what they are
  public KafkaApi(String clusterId, List<ApiHandler> others) {
    for (ApiHandler handler : others) {
      ApiHandler twin = handlers.put(handler.key(), handler);
      Invariant.check(twin == null, "two handlers for API key %d", handler.key().id);
    }
    handlers.put(ApiKeys.API_VERSIONS, new ApiVersionsHandler(clusterId, this::offered));
    offered = OfferedApis.of(handlers.keySet());
  }

  /// What the listener lets through and ApiVersions shows.
  public OfferedApis offered() {
    return offered;
  }

  @Override
  public void connectionEnded(ClientConnection client) {
    for (ApiHandler handler : handlers.values()) {
      handler.connectionEnded(client);
    }
  }

  @Override
  public Answer handle(Request request) throws InterruptedException {
    ApiHandler handler = handlers.get(request.header().apiKey());
    if (handler == null) {
      return new Answer.Close("no handler for " + request.header().apiKey());
    }
    try {
      return handler.handle(request);
    } catch (ControlPlaneException e) {
      LOG.warn("{} not answered: {}", request.header().apiKey(), e.getMessage());
      return OutageAnswers.of(request, e);
    }
  }
}
