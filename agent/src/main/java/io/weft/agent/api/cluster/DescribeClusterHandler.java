package io.weft.agent.api.cluster;

import io.weft.agent.api.ApiHandler;
import io.weft.agent.api.Permitted;
import io.weft.agent.catalog.CatalogSnapshot;
import io.weft.agent.catalog.ClientRoute;
import io.weft.agent.catalog.LiveCatalog;
import io.weft.agent.network.Answer;
import io.weft.agent.network.Request;
import io.weft.controlplane.api.Membership.Agent;
import io.weft.model.AgentId;
import io.weft.model.Zone;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.common.message.DescribeClusterResponseData;
import org.apache.kafka.common.message.DescribeClusterResponseData.DescribeClusterBroker;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DescribeClusterRequest;
import org.apache.kafka.common.requests.DescribeClusterResponse;

/// DescribeCluster: the agents that a client is sent to that says its zone or its role; for others,
/// such as operators, all agents of the group, of every zone. Thread-safe.
final class DescribeClusterHandler implements ApiHandler {
  private static final byte ENDPOINT_BROKERS = 1;
  private static final byte ENDPOINT_CONTROLLERS = 2;
  private static final int NO_CONTROLLER = -1;

  private final LiveCatalog catalog;
  private final Supplier<AgentId> self;

  DescribeClusterHandler(LiveCatalog catalog, Supplier<AgentId> self) {
    this.catalog = catalog;
    this.self = self;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.DESCRIBE_CLUSTER;
  }

  @Override
  public Answer handle(Request request) {
    DescribeClusterRequest body = (DescribeClusterRequest) request.body();
    DescribeClusterResponseData answer =
        body.data().endpointType() == ENDPOINT_BROKERS
            ? described(
                body, ClientRoute.of(request.header().clientId(), request.client().listener()))
            : refused(body);
    return new Answer.Ready(new DescribeClusterResponse(answer));
  }

  private DescribeClusterResponseData described(DescribeClusterRequest body, ClientRoute route) {
    CatalogSnapshot snapshot = catalog.fresh();
    List<Agent> agents =
        namesWhere(route) ? snapshot.agentsFor(route) : snapshot.agentsOfGroup(route);
    DescribeClusterResponseData answer =
        new DescribeClusterResponseData()
            .setClusterId(snapshot.clusterId())
            .setControllerId(controller(agents))
            .setClusterAuthorizedOperations(
                body.data().includeClusterAuthorizedOperations()
                    ? Permitted.ON_CLUSTER
                    : Permitted.NOT_ASKED);
    for (Agent agent : agents) {
      answer
          .brokers()
          .add(
              new DescribeClusterBroker()
                  .setBrokerId(agent.id().value())
                  .setHost(agent.host())
                  .setPort(agent.port())
                  .setRack(agent.zone().equals(Zone.NONE) ? null : agent.zone().name()));
    }
    return answer;
  }

  private static boolean namesWhere(ClientRoute route) {
    return !route.zone().equals(Zone.NONE) || route.role().isPresent();
  }

  /// Any agent will do: this one if the client is told of it, so that it need not go elsewhere.
  private int controller(List<Agent> agents) {
    AgentId id = self.get();
    if (agents.isEmpty()) {
      return NO_CONTROLLER;
    }
    boolean told = agents.stream().anyMatch(agent -> agent.id().equals(id));
    return told ? id.value() : agents.getFirst().id().value();
  }

  private static DescribeClusterResponseData refused(DescribeClusterRequest body) {
    byte type = body.data().endpointType();
    Errors error =
        type == ENDPOINT_CONTROLLERS
            ? Errors.MISMATCHED_ENDPOINT_TYPE
            : Errors.UNSUPPORTED_ENDPOINT_TYPE;
    if (body.version() == 0) {
      error = Errors.INVALID_REQUEST;
    }
    String message =
        type == ENDPOINT_CONTROLLERS
            ? "The request was sent to a broker, but it asks for controllers."
            : "Unsupported endpoint type " + type;
    return new DescribeClusterResponseData().setErrorCode(error.code()).setErrorMessage(message);
  }
}
