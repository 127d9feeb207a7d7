package io.weft.agent.api.configs;

import io.weft.agent.api.AnswerRows;
import io.weft.agent.api.ApiHandler;
import io.weft.agent.catalog.CatalogSnapshot;
import io.weft.agent.catalog.LiveCatalog;
import io.weft.agent.network.Answer;
import io.weft.agent.network.Request;
import io.weft.controlplane.api.Membership.Advertised;
import io.weft.controlplane.api.Membership.Agent;
import io.weft.controlplane.api.TopicCatalog.Topic;
import io.weft.model.AgentId;
import io.weft.model.Zone;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsSynonym;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DescribeConfigsRequest;
import org.apache.kafka.common.requests.DescribeConfigsResponse;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;

/// DescribeConfigs: settings of topics, groups, client metrics and this agent. Thread-safe.
final class DescribeConfigsHandler implements ApiHandler {
  /// The most resources that one request may ask for.
  static final int RESOURCES_MAX = 10_000;

  /// What one described resource takes, roughly: dozens of settings; their synonyms; what is said
  /// about them.
  private static final int RESOURCE_BYTES = 8 << 10;

  private static final int SYNONYMS_BYTES = 8 << 10;
  private static final int DOCUMENTATION_BYTES = 16 << 10;

  private final LiveCatalog catalog;
  private final DescribedResources resources;
  private final Supplier<AgentId> self;
  private final Map<String, String> agentSettings;

  DescribeConfigsHandler(
      LiveCatalog catalog,
      DescribedResources resources,
      Supplier<AgentId> self,
      Map<String, String> agentSettings) {
    this.catalog = catalog;
    this.resources = resources;
    this.self = self;
    this.agentSettings = new TreeMap<>(agentSettings);
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.DESCRIBE_CONFIGS;
  }

  @Override
  public Answer handle(Request request) throws InterruptedException {
    DescribeConfigsRequestData data = ((DescribeConfigsRequest) request.body()).data();
    // Each is answered once: clients take a resource that is described twice for a fault.
    Set<DescribeConfigsResource> asked = new LinkedHashSet<>();
    for (DescribeConfigsResource resource : data.resources()) {
      asked.add(resource);
      if (asked.size() > RESOURCES_MAX) {
        break;
      }
    }
    boolean fits =
        asked.size() <= RESOURCES_MAX
            && AnswerRows.fit(request.owed(), asked.size(), resourceBytes(data));
    List<DescribeConfigsResult> results = new ArrayList<>();
    for (DescribeConfigsResource resource : asked) {
      DescribeConfigsResult result =
          fits ? described(resource, data) : refused(Errors.INVALID_REQUEST, AnswerRows.REFUSAL);
      results.add(
          result.setResourceType(resource.resourceType()).setResourceName(resource.resourceName()));
    }
    return new Answer.Ready(
        new DescribeConfigsResponse(new DescribeConfigsResponseData().setResults(results)));
  }

  private static long resourceBytes(DescribeConfigsRequestData asked) {
    return (long) RESOURCE_BYTES
        + (asked.includeSynonyms() ? SYNONYMS_BYTES : 0)
        + (asked.includeDocumentation() ? DOCUMENTATION_BYTES : 0);
  }

  private DescribeConfigsResult described(
      DescribeConfigsResource resource, DescribeConfigsRequestData asked) {
    String name = resource.resourceName();
    return switch (ConfigResource.Type.forId(resource.resourceType())) {
      case TOPIC -> ofTopic(resource, asked);
      case BROKER -> ofAgent(resource, asked);
      case BROKER_LOGGER -> isSelf(name) ? new DescribeConfigsResult() : unexpectedAgent(name);
      case GROUP ->
          name.isEmpty()
              ? refused(Errors.INVALID_REQUEST, "Group name must not be empty")
              : shown(resources.ofGroup(name), resource, asked);
      case CLIENT_METRICS ->
          name.isEmpty()
              ? refused(
                  Errors.INVALID_REQUEST, "Client metrics subscription name must not be empty")
              : shown(resources.ofMetrics(name), resource, asked);
      default ->
          refused(Errors.INVALID_REQUEST, "Unknown resource type " + resource.resourceType());
    };
  }

  private DescribeConfigsResult ofTopic(
      DescribeConfigsResource resource, DescribeConfigsRequestData asked) {
    String name = resource.resourceName();
    try {
      org.apache.kafka.common.internals.Topic.validate(name);
    } catch (InvalidTopicException e) {
      return refused(Errors.INVALID_TOPIC_EXCEPTION, e.getMessage());
    }
    Optional<Topic> topic = catalog.fresh().topic(name);
    if (topic.isEmpty()) {
      return refused(
          Errors.UNKNOWN_TOPIC_OR_PARTITION, Errors.UNKNOWN_TOPIC_OR_PARTITION.message());
    }
    Map<String, ShownConfig> ofAgent = new TreeMap<>();
    ofAgent().forEach(config -> ofAgent.put(config.key().name, config));
    return shown(
        TopicConfigs.effective(topic.get().settings()).stream()
            .map(entry -> ofTopic(entry, ofAgent))
            .toList(),
        resource,
        asked);
  }

  /// What a topic does not say itself, the agent's setting says that Kafka names as its default.
  private static ShownConfig ofTopic(TopicConfigs.Entry entry, Map<String, ShownConfig> ofAgent) {
    List<DescribeConfigsSynonym> synonyms = new ArrayList<>();
    if (entry.own()) {
      synonyms.add(ShownConfig.synonym(entry.key().name, entry.value(), ConfigSource.TOPIC_CONFIG));
    }
    entry
        .agentName()
        .ifPresent(
            name -> {
              ShownConfig agents = ofAgent.get(name);
              if (agents != null) {
                synonyms.addAll(agents.synonyms());
              } else {
                synonyms.add(
                    ShownConfig.synonym(name, entry.defaultValue(), ConfigSource.DEFAULT_CONFIG));
              }
            });
    return synonyms.isEmpty()
        ? new ShownConfig(entry.key(), entry.value(), ConfigSource.DEFAULT_CONFIG, synonyms)
        : new ShownConfig(
            entry.key(),
            synonyms.getFirst().value(),
            ConfigSource.forId(synonyms.getFirst().source()),
            synonyms);
  }

  private DescribeConfigsResult ofAgent(
      DescribeConfigsResource resource, DescribeConfigsRequestData asked) {
    String name = resource.resourceName();
    if (name.isEmpty()) {
      return shown(resources.ofAllAgents(), resource, asked);
    }
    if (!isSelf(name)) {
      return unexpectedAgent(name);
    }
    return shown(ofAgent(), resource, asked);
  }

  private List<ShownConfig> ofAgent() {
    int id = self.get().value();
    Map<String, String> fixed = new TreeMap<>(agentSettings);
    fixed.put("node.id", Integer.toString(id));
    fixed.put("broker.id", Integer.toString(id));
    CatalogSnapshot snapshot = catalog.current();
    snapshot
        .self()
        .or(() -> snapshot.agents().stream().filter(each -> each.id().value() == id).findFirst())
        .ifPresent(agent -> fixed.putAll(ofPlace(agent)));
    return resources.ofAgent(Integer.toString(id), fixed);
  }

  private static Map<String, String> ofPlace(Agent agent) {
    Map<String, String> fixed = new TreeMap<>();
    fixed.put(
        "advertised.listeners",
        agent.advertised().stream()
            .map(DescribeConfigsHandler::text)
            .collect(Collectors.joining(",")));
    if (!agent.listeners().isEmpty()) {
      fixed.put("inter.broker.listener.name", Advertised.main(agent.listeners()).listener().name());
    }
    if (!agent.zone().equals(Zone.NONE)) {
      fixed.put("broker.rack", agent.zone().name());
    }
    return fixed;
  }

  private static String text(Advertised each) {
    String form = each.host().indexOf(':') < 0 ? "%s://%s:%d" : "%s://[%s]:%d";
    return form.formatted(each.listener().name(), each.host(), each.port());
  }

  private static DescribeConfigsResult shown(
      List<ShownConfig> configs,
      DescribeConfigsResource resource,
      DescribeConfigsRequestData asked) {
    DescribeConfigsResult result = new DescribeConfigsResult();
    for (ShownConfig config : configs) {
      if (ShownConfig.isWanted(config.key().name, resource)) {
        result.configs().add(config.as(asked));
      }
    }
    return result;
  }

  private boolean isSelf(String resourceName) {
    return resourceName.equals(Integer.toString(self.get().value()));
  }

  private DescribeConfigsResult unexpectedAgent(String resourceName) {
    return refused(
        Errors.INVALID_REQUEST,
        "Unexpected broker id, expected %d or empty string, but received %s"
            .formatted(self.get().value(), resourceName));
  }

  private static DescribeConfigsResult refused(Errors error, String message) {
    return new DescribeConfigsResult().setErrorCode(error.code()).setErrorMessage(message);
  }
}
