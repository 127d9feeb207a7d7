package io.weft.agent.api.groups;

import io.weft.agent.api.ApiHandler;
import io.weft.agent.api.OutageAnswers;
import io.weft.agent.catalog.ClientRoute;
import io.weft.agent.catalog.CoordinatorChoice;
import io.weft.agent.catalog.LiveCatalog;
import io.weft.agent.network.Answer;
import io.weft.agent.network.DeferredAnswer;
import io.weft.agent.network.Request;
import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.Groups;
import io.weft.model.AgentId;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.ListGroupsResponse;

/// ListGroups: of all groups, those whose coordinator this agent is to the client, so that one that
/// asks every agent and puts the answers together gets each group once. Thread-safe.
final class ListGroupsHandler implements ApiHandler {
  private final GroupHandler all;
  private final LiveCatalog catalog;
  private final Supplier<AgentId> self;

  ListGroupsHandler(Groups groups, LiveCatalog catalog, Supplier<AgentId> self) {
    this.all = new GroupHandler(ApiKeys.LIST_GROUPS, groups);
    this.catalog = catalog;
    this.self = self;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.LIST_GROUPS;
  }

  @Override
  public Answer handle(Request request) {
    try {
      return new Answer.Later(new Listing(request, all.deferred(request)));
    } catch (InvalidRequestException e) {
      return OutageAnswers.of(request, e);
    }
  }

  private final class Listing implements DeferredAnswer {
    private final Request request;
    private final DeferredAnswer whole;

    Listing(Request request, DeferredAnswer whole) {
      this.request = request;
      this.whole = whole;
    }

    @Override
    public boolean isDone() {
      return whole.isDone();
    }

    @Override
    public Answer await() throws InterruptedException {
      Answer answer = whole.await();
      if (answer instanceof Answer.Ready(ListGroupsResponse listed)) {
        try {
          keepOurs(listed);
        } catch (ControlPlaneException e) {
          return OutageAnswers.of(request, e);
        }
      }
      return answer;
    }

    private void keepOurs(ListGroupsResponse listed) {
      CoordinatorChoice coordinators =
          CoordinatorChoice.of(
              catalog.current(),
              ClientRoute.of(request.header().clientId(), request.client().listener()));
      AgentId ours = self.get();
      listed.data().groups().removeIf(group -> !coordinators.isListedBy(ours, group.groupId()));
    }
  }
}
