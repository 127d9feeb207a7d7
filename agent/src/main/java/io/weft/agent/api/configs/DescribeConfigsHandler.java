package io.weft.agent.api.configs;

import io.weft.agent.api.ApiHandler;
import io.weft.agent.catalog.LiveCatalog;
import io.weft.agent.network.Answer;
import io.weft.agent.network.Request;
import io.weft.controlplane.api.TopicCatalog.Topic;
import io.weft.model.AgentId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.message.DescribeConfigsRequestData;
import org.apache.kafka.common.message.DescribeConfigsRequestData.DescribeConfigsResource;
import org.apache.kafka.common.message.DescribeConfigsResponseData;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResourceResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsResult;
import org.apache.kafka.common.message.DescribeConfigsResponseData.DescribeConfigsSynonym;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DescribeConfigsRequest;
import org.apache.kafka.common.requests.DescribeConfigsResponse;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigType;

/// DescribeConfigs: settings of topics, and this agent's own. Thread-safe.
final class DescribeConfigsHandler implements ApiHandler {
  private final LiveCatalog catalog;
  private final Supplier<AgentId> self;
  private final Map<String, String> agentSettings;

  DescribeConfigsHandler(
      LiveCatalog catalog, Supplier<AgentId> self, Map<String, String> agentSettings) {
    this.catalog = catalog;
    this.self = self;
    this.agentSettings = new TreeMap<>(agentSettings);
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.DESCRIBE_CONFIGS;
  }

  @Override
  public Answer handle(Request request) {
    DescribeConfigsRequestData data = ((DescribeConfigsRequest) request.body()).data();
    List<DescribeConfigsResult> results = new ArrayList<>();
    for (DescribeConfigsResource resource : data.resources()) {
      results.add(
          described(resource, data)
              .setResourceType(resource.resourceType())
              .setResourceName(resource.resourceName()));
    }
    return new Answer.Ready(
        new DescribeConfigsResponse(new DescribeConfigsResponseData().setResults(results)));
  }

  private DescribeConfigsResult described(
      DescribeConfigsResource resource, DescribeConfigsRequestData asked) {
    return switch (ConfigResource.Type.forId(resource.resourceType())) {
      case TOPIC -> ofTopic(resource, asked);
      case BROKER -> ofAgent(resource);
      case BROKER_LOGGER ->
          isSelf(resource.resourceName())
              ? new DescribeConfigsResult()
              : unexpectedAgent(resource.resourceName());
      case GROUP, CLIENT_METRICS ->
          refused(Errors.INVALID_REQUEST, "Settings of this resource type are not supported yet.");
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
    DescribeConfigsResult result = new DescribeConfigsResult();
    for (TopicConfigs.Entry entry : TopicConfigs.effective(topic.get().settings())) {
      if (wanted(entry.key().name, resource)) {
        result.configs().add(shown(entry, asked));
      }
    }
    return result;
  }

  private static DescribeConfigsResourceResult shown(
      TopicConfigs.Entry entry, DescribeConfigsRequestData asked) {
    String name = entry.key().name;
    DescribeConfigsResourceResult config =
        new DescribeConfigsResourceResult()
            .setName(name)
            .setValue(entry.value())
            .setConfigSource(source(entry).id())
            .setConfigType(type(entry.key().type).id());
    if (asked.includeDocumentation()) {
      config.setDocumentation(entry.key().documentation);
    }
    if (asked.includeSynonyms()) {
      if (entry.own()) {
        config.synonyms().add(synonym(name, entry.value(), ConfigSource.TOPIC_CONFIG));
      }
      entry
          .agentName()
          .ifPresent(
              agentName ->
                  config
                      .synonyms()
                      .add(synonym(agentName, entry.defaultValue(), ConfigSource.DEFAULT_CONFIG)));
    }
    return config;
  }

  private static ConfigSource source(TopicConfigs.Entry entry) {
    return entry.own() ? ConfigSource.TOPIC_CONFIG : ConfigSource.DEFAULT_CONFIG;
  }

  private static DescribeConfigsSynonym synonym(String name, String value, ConfigSource source) {
    return new DescribeConfigsSynonym().setName(name).setValue(value).setSource(source.id());
  }

  private DescribeConfigsResult ofAgent(DescribeConfigsResource resource) {
    DescribeConfigsResult result = new DescribeConfigsResult();
    if (resource.resourceName().isEmpty()) {
      // The cluster's own defaults for all agents: there are none.
      return result;
    }
    if (!isSelf(resource.resourceName())) {
      return unexpectedAgent(resource.resourceName());
    }
    agentSettings.forEach(
        (name, value) -> {
          if (wanted(name, resource)) {
            result
                .configs()
                .add(
                    new DescribeConfigsResourceResult()
                        .setName(name)
                        .setValue(value)
                        .setReadOnly(true)
                        .setConfigSource(ConfigSource.STATIC_BROKER_CONFIG.id())
                        .setConfigType(ConfigType.STRING.id()));
          }
        });
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

  private static boolean wanted(String name, DescribeConfigsResource resource) {
    List<String> names = resource.configurationKeys();
    return names == null || names.isEmpty() || names.contains(name);
  }

  private static ConfigType type(ConfigDef.Type type) {
    return switch (type) {
      case BOOLEAN -> ConfigType.BOOLEAN;
      case STRING -> ConfigType.STRING;
      case INT -> ConfigType.INT;
      case SHORT -> ConfigType.SHORT;
      case LONG -> ConfigType.LONG;
      case DOUBLE -> ConfigType.DOUBLE;
      case LIST -> ConfigType.LIST;
      case CLASS -> ConfigType.CLASS;
      case PASSWORD -> ConfigType.PASSWORD;
    };
  }
}
