package io.weft.agent.api.configs;

import io.weft.agent.catalog.LiveCatalog;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.TopicCatalog.Topic;
import io.weft.controlplane.rules.TopicRules;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.storage.internals.log.LogConfig;

/// The settings of topics. Thread-safe.
record TopicHome(LiveCatalog catalog, TopicCatalog topics) implements SettingsHome {
  @Override
  public Found find(String name) {
    if (name.isEmpty()) {
      throw new InvalidRequestException("Default topic resources are not allowed.");
    }
    org.apache.kafka.common.internals.Topic.validate(name);
    return catalog
        .fresh()
        .topic(name)
        .map(
            topic -> new Found(Optional.empty(), topic.settings(), after -> replaced(topic, after)))
        .orElseGet(
            () -> new Found(Optional.of(unknown(name)), Map.of(), _ -> Optional.of(unknown(name))));
  }

  @Override
  public Optional<ApiError> flaw(
      String name, Map<String, String> before, Map<String, String> after) {
    return TopicRules.flaw(before, after)
        .map(message -> new ApiError(Errors.INVALID_CONFIG, message));
  }

  @Override
  public Optional<ConfigKey> key(String setting) {
    return Optional.ofNullable(LogConfig.configKeys().get(setting));
  }

  private Optional<ApiError> replaced(Topic topic, Map<String, String> after) {
    return switch (topics.configure(topic.id(), topic.settingsVersion(), after)) {
      case CONFIGURED -> Optional.of(ApiError.NONE);
      case VERSION_CHANGED -> Optional.empty();
      case UNKNOWN_TOPIC -> Optional.of(unknown(topic.name()));
      case LIMIT_REACHED ->
          Optional.of(
              new ApiError(
                  Errors.POLICY_VIOLATION,
                  "The settings of all topics have %d characters at most."
                      .formatted(TopicCatalog.SETTING_CHARS_IN_ALL_MAX)));
    };
  }

  private static ApiError unknown(String name) {
    return new ApiError(
        Errors.UNKNOWN_TOPIC_OR_PARTITION, "The topic '" + name + "' does not exist.");
  }
}
