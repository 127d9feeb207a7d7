package io.weft.agent.api.groups;

import io.weft.agent.api.ApiHandler;
import io.weft.agent.catalog.LiveCatalog;
import io.weft.controlplane.api.Groups;
import io.weft.model.AgentId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.common.protocol.ApiKeys;

/// The handlers of what the control plane coordinates.
public final class GroupHandlers {
  private static final List<ApiKeys> APIS =
      List.of(
          ApiKeys.OFFSET_COMMIT,
          ApiKeys.TXN_OFFSET_COMMIT,
          ApiKeys.OFFSET_FETCH,
          ApiKeys.JOIN_GROUP,
          ApiKeys.HEARTBEAT,
          ApiKeys.LEAVE_GROUP,
          ApiKeys.SYNC_GROUP,
          ApiKeys.DESCRIBE_GROUPS,
          ApiKeys.DELETE_GROUPS,
          ApiKeys.OFFSET_DELETE,
          ApiKeys.CONSUMER_GROUP_HEARTBEAT,
          ApiKeys.CONSUMER_GROUP_DESCRIBE,
          ApiKeys.SHARE_GROUP_HEARTBEAT,
          ApiKeys.SHARE_GROUP_DESCRIBE,
          ApiKeys.DESCRIBE_SHARE_GROUP_OFFSETS,
          ApiKeys.ALTER_SHARE_GROUP_OFFSETS,
          ApiKeys.DELETE_SHARE_GROUP_OFFSETS,
          ApiKeys.STREAMS_GROUP_HEARTBEAT,
          ApiKeys.STREAMS_GROUP_DESCRIBE,
          ApiKeys.STREAMS_GROUP_TOPOLOGY_DESCRIPTION_UPDATE);

  private GroupHandlers() {}

  public static List<ApiHandler> of(LiveCatalog catalog, Groups groups, Supplier<AgentId> self) {
    List<ApiHandler> handlers = new ArrayList<>();
    handlers.add(new ListGroupsHandler(groups, catalog, self));
    for (ApiKeys api : APIS) {
      handlers.add(new GroupHandler(api, groups));
    }
    return handlers;
  }
}
