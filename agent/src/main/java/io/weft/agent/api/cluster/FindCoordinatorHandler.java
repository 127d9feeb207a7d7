package io.weft.agent.api.cluster;

import io.weft.agent.api.AnswerRows;
import io.weft.agent.api.ApiHandler;
import io.weft.agent.catalog.CatalogSnapshot;
import io.weft.agent.catalog.ClientRoute;
import io.weft.agent.catalog.CoordinatorChoice;
import io.weft.agent.catalog.LiveCatalog;
import io.weft.agent.network.Answer;
import io.weft.agent.network.Request;
import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.Membership.Agent;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.errors.CoordinatorNotAvailableException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.FindCoordinatorResponseData.Coordinator;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FindCoordinatorRequest;
import org.apache.kafka.common.requests.FindCoordinatorRequest.CoordinatorType;
import org.apache.kafka.common.requests.FindCoordinatorResponse;

/// FindCoordinator: names an agent of the client's zone, the same one for the same key. Any agent
/// can stand for any coordinator, for the coordinators themselves are in the control plane.
/// Thread-safe.
final class FindCoordinatorHandler implements ApiHandler {
  /// What one coordinator takes, roughly.
  private static final int COORDINATOR_BYTES = 256;

  private final LiveCatalog catalog;

  FindCoordinatorHandler(LiveCatalog catalog) {
    this.catalog = catalog;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.FIND_COORDINATOR;
  }

  @Override
  public Answer handle(Request request) throws InterruptedException {
    FindCoordinatorRequest body = (FindCoordinatorRequest) request.body();
    FindCoordinatorRequestData asked = body.data();
    Set<String> keys = new LinkedHashSet<>(asked.coordinatorKeys());
    if (!AnswerRows.fit(request.owed(), keys.size(), COORDINATOR_BYTES)) {
      return refused(keys);
    }
    asked.setCoordinatorKeys(List.copyOf(keys));
    if (asked.keyType() != CoordinatorType.GROUP.id()
        && asked.keyType() != CoordinatorType.TRANSACTION.id()) {
      // Share-group state has no coordinator on the wire.
      return new Answer.Ready(
          body.getErrorResponse(
              new InvalidRequestException("Unknown coordinator type " + asked.keyType())));
    }
    CoordinatorChoice choice =
        CoordinatorChoice.of(
            snapshot(), ClientRoute.of(request.header().clientId(), request.client().listener()));
    if (choice.agentOf("").isEmpty()) {
      return new Answer.Ready(
          body.getErrorResponse(new CoordinatorNotAvailableException("No agent is registered.")));
    }
    FindCoordinatorResponseData answer = new FindCoordinatorResponseData();
    if (body.version() < FindCoordinatorRequest.MIN_BATCHED_VERSION) {
      Agent agent = choice.agentOf(asked.key()).orElseThrow();
      answer
          .setNodeId(agent.id().value())
          .setHost(agent.host())
          .setPort(agent.port())
          .setErrorMessage(Errors.NONE.message());
    } else {
      List<Coordinator> coordinators = new ArrayList<>();
      for (String key : asked.coordinatorKeys()) {
        Agent agent = choice.agentOf(key).orElseThrow();
        coordinators.add(
            new Coordinator()
                .setKey(key)
                .setNodeId(agent.id().value())
                .setHost(agent.host())
                .setPort(agent.port()));
      }
      answer.setCoordinators(coordinators);
    }
    return new Answer.Ready(new FindCoordinatorResponse(answer));
  }

  private static Answer refused(Set<String> keys) {
    return new Answer.Ready(
        new FindCoordinatorResponse(
            new FindCoordinatorResponseData()
                .setCoordinators(
                    keys.stream()
                        .limit(AnswerRows.REFUSED_MAX)
                        .map(
                            key ->
                                new Coordinator()
                                    .setKey(key)
                                    .setNodeId(Node.noNode().id())
                                    .setHost(Node.noNode().host())
                                    .setPort(Node.noNode().port())
                                    .setErrorCode(Errors.INVALID_REQUEST.code())
                                    .setErrorMessage(AnswerRows.REFUSAL))
                        .toList())));
  }

  private CatalogSnapshot snapshot() {
    try {
      return catalog.current();
    } catch (ControlPlaneException e) {
      return catalog.known();
    }
  }
}
