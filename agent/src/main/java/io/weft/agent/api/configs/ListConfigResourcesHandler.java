package io.weft.agent.api.configs;

import io.weft.agent.api.ApiHandler;
import io.weft.agent.catalog.CatalogSnapshot;
import io.weft.agent.catalog.LiveCatalog;
import io.weft.agent.catalog.LiveResources;
import io.weft.agent.network.Answer;
import io.weft.agent.network.Request;
import io.weft.controlplane.api.TopicCatalog.Topic;
import io.weft.model.ListenerName;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.message.ListConfigResourcesResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.ListConfigResourcesRequest;
import org.apache.kafka.common.requests.ListConfigResourcesResponse;

/// ListConfigResources (KIP-1142; version 0 is KIP-714's list of client metrics subscriptions).
/// Thread-safe.
final class ListConfigResourcesHandler implements ApiHandler {
  private final LiveCatalog catalog;
  private final LiveResources groups;
  private final LiveResources metrics;

  ListConfigResourcesHandler(LiveCatalog catalog, LiveResources groups, LiveResources metrics) {
    this.catalog = catalog;
    this.groups = groups;
    this.metrics = metrics;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.LIST_CONFIG_RESOURCES;
  }

  @Override
  public Answer handle(Request request) {
    ListConfigResourcesRequest body = (ListConfigResourcesRequest) request.body();
    Set<Byte> types = new TreeSet<>(body.data().resourceTypes());
    if (types.isEmpty()) {
      types = new TreeSet<>(body.supportedResourceTypes());
    }
    if (!body.supportedResourceTypes().containsAll(types)) {
      return new Answer.Ready(
          body.getErrorResponse(
              new UnsupportedVersionException("Some of these resource types cannot be listed.")));
    }
    ListConfigResourcesResponseData answer = new ListConfigResourcesResponseData();
    for (byte type : types) {
      for (String name : names(ConfigResource.Type.forId(type), request.client().listener())) {
        answer
            .configResources()
            .add(
                new ListConfigResourcesResponseData.ConfigResource()
                    .setResourceType(type)
                    .setResourceName(name));
      }
    }
    return new Answer.Ready(new ListConfigResourcesResponse(answer));
  }

  private Collection<String> names(ConfigResource.Type type, ListenerName listener) {
    return switch (type) {
      case GROUP -> groups.fresh().byName().keySet();
      case CLIENT_METRICS -> metrics.fresh().byName().keySet();
      case TOPIC -> catalog.fresh().topics().stream().map(Topic::name).toList();
      case BROKER, BROKER_LOGGER -> agents(catalog.fresh(), listener);
      case UNKNOWN -> List.of();
    };
  }

  private static List<String> agents(CatalogSnapshot snapshot, ListenerName listener) {
    return snapshot.agentsOn(listener).stream()
        .map(agent -> Integer.toString(agent.id().value()))
        .toList();
  }
}
