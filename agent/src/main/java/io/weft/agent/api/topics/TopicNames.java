package io.weft.agent.api.topics;

import java.util.Optional;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.internals.Topic;

/// Which names a topic may have. Stateless.
final class TopicNames {
  private TopicNames() {}

  /// What is wrong with the name, by Kafka's rules.
  static Optional<String> flaw(String name) {
    try {
      Topic.validate(name);
      return Optional.empty();
    } catch (InvalidTopicException e) {
      return Optional.of(e.getMessage());
    }
  }

  /// Whether Kafka would keep state of its own under this name. Here there are no such topics, and
  /// nobody may make one.
  static boolean isReserved(String name) {
    return Topic.isInternal(name) || name.equals(Topic.CLUSTER_METADATA_TOPIC_NAME);
  }
}
