package io.weft.agent.api.cluster;

import io.weft.agent.api.ApiHandler;
import io.weft.agent.catalog.LiveCatalog;
import io.weft.agent.network.Answer;
import io.weft.agent.network.Request;
import io.weft.controlplane.api.Membership;
import io.weft.model.AgentId;
import java.util.Optional;
import org.apache.kafka.common.errors.BrokerIdNotRegisteredException;
import org.apache.kafka.common.message.UnregisterBrokerResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.UnregisterBrokerRequest;
import org.apache.kafka.common.requests.UnregisterBrokerResponse;

/// UnregisterBroker: ends an agent's registration before it lapses. One that is alive after all
/// registers again, under another id, when it renews. Thread-safe.
final class UnregisterBrokerHandler implements ApiHandler {
  private final LiveCatalog catalog;
  private final Membership membership;

  UnregisterBrokerHandler(LiveCatalog catalog, Membership membership) {
    this.catalog = catalog;
    this.membership = membership;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.UNREGISTER_BROKER;
  }

  @Override
  public Answer handle(Request request) {
    UnregisterBrokerRequest body = (UnregisterBrokerRequest) request.body();
    int id = body.data().brokerId();
    Optional<AgentId> agent =
        catalog.fresh().agents().stream()
            .map(live -> live.id())
            .filter(live -> live.value() == id)
            .findFirst();
    if (agent.isEmpty()) {
      return new Answer.Ready(
          body.getErrorResponse(
              new BrokerIdNotRegisteredException(
                  "Broker ID " + id + " is not currently registered")));
    }
    membership.leave(agent.get());
    return new Answer.Ready(new UnregisterBrokerResponse(new UnregisterBrokerResponseData()));
  }
}
