package io.weft.agent.api.configs;

import io.weft.agent.api.Asking;
import io.weft.agent.catalog.CatalogSnapshot;
import io.weft.agent.catalog.LiveCatalog;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.TopicCatalog.Topic;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;

/// Changes the settings of one resource, which must be a topic. Thread-safe.
final class TopicConfigChange {
  /// Somebody else's changes that may come between.
  private static final int TRIES_MAX = 20;

  private static final long PATIENCE_MS = 30_000;

  private final LiveCatalog catalog;
  private final TopicCatalog topics;
  private final Asking asking;

  TopicConfigChange(LiveCatalog catalog, TopicCatalog topics, Asking asking) {
    this.catalog = catalog;
    this.topics = topics;
    this.asking = asking;
  }

  /// What a request makes of a topic's own settings.
  interface Change {
    /// @param own to be changed in place
    /// @throws ApiException if it cannot be made
    void applyTo(Map<String, String> own);
  }

  /// @return [ApiError#NONE] once the change is durable (or, for `validateOnly`, would be accepted)
  ApiError make(byte resourceType, String name, Change change, boolean validateOnly)
      throws InterruptedException {
    return switch (ConfigResource.Type.forId(resourceType)) {
      case TOPIC -> asking.patiently(PATIENCE_MS, () -> ofTopic(name, change, validateOnly));
      case BROKER, BROKER_LOGGER ->
          invalid("An agent's settings are read-only: they come from its configuration.");
      case GROUP, CLIENT_METRICS ->
          invalid("Settings of this resource type are not supported yet.");
      default -> invalid("Unknown resource type " + resourceType);
    };
  }

  private static ApiError invalid(String message) {
    return new ApiError(Errors.INVALID_REQUEST, message);
  }

  private ApiError ofTopic(String name, Change change, boolean validateOnly) {
    if (name.isEmpty()) {
      return invalid("Default topic resources are not allowed.");
    }
    try {
      org.apache.kafka.common.internals.Topic.validate(name);
    } catch (InvalidTopicException e) {
      return ApiError.fromThrowable(e);
    }
    for (int i = 0; i < TRIES_MAX; i++) {
      Optional<ApiError> result = tryOnce(catalog.fresh(), name, change, validateOnly);
      if (result.isPresent()) {
        return result.get();
      }
    }
    return new ApiError(Errors.REQUEST_TIMED_OUT, "Others keep changing this topic's settings.");
  }

  /// @return empty if somebody else's change came between
  private Optional<ApiError> tryOnce(
      CatalogSnapshot snapshot, String name, Change change, boolean validateOnly) {
    Optional<Topic> topic = snapshot.topic(name);
    Map<String, String> before = topic.map(Topic::settings).orElse(Map.of());
    Map<String, String> after = new TreeMap<>(before);
    try {
      change.applyTo(after);
    } catch (ApiException e) {
      return Optional.of(ApiError.fromThrowable(e));
    }
    Optional<String> flaw = TopicConfigs.flaw(before, after);
    if (flaw.isPresent()) {
      return Optional.of(new ApiError(Errors.INVALID_CONFIG, flaw.get()));
    }
    if (topic.isEmpty()) {
      return Optional.of(unknown(name));
    }
    if (validateOnly || after.equals(before)) {
      return Optional.of(ApiError.NONE);
    }
    return switch (topics.configure(topic.get().id(), topic.get().settingsVersion(), after)) {
      case CONFIGURED -> Optional.of(ApiError.NONE);
      case VERSION_CHANGED -> Optional.empty();
      case UNKNOWN_TOPIC -> Optional.of(unknown(name));
    };
  }

  private static ApiError unknown(String name) {
    return new ApiError(
        Errors.UNKNOWN_TOPIC_OR_PARTITION, "The topic '" + name + "' does not exist.");
  }
}
