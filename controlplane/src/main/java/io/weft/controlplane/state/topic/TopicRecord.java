package io.weft.controlplane.state.topic;

import io.weft.controlplane.api.TopicCatalog.NewTopic;
import io.weft.controlplane.codec.shape.Kind;
import io.weft.controlplane.state.part.StateRecord;
import io.weft.model.TopicId;
import java.util.Map;

/// A change of the topics.
public sealed interface TopicRecord extends StateRecord {
  @Kind(2)
  record TopicCreated(NewTopic topic) implements TopicRecord {}

  @Kind(3)
  record TopicDeleted(TopicId topic) implements TopicRecord {}

  /// @param partitions how many it has now
  @Kind(4)
  record TopicGrown(TopicId topic, int partitions) implements TopicRecord {}

  @Kind(5)
  record TopicConfigured(TopicId topic, Map<String, String> settings) implements TopicRecord {}

  /// The topic is deleted, and kept until it is restored or let go.
  ///
  /// @param timeMs when it was deleted
  /// @param untilMs until when it is kept
  @Kind(value = 113, since = 2)
  record TopicRetired(TopicId topic, long timeMs, long untilMs)
      implements TopicRecord, StateRecord.Timed {}

  /// A deleted topic is there again.
  ///
  /// @param name that it has now
  /// @param partitions as many as it had
  @Kind(value = 114, since = 2)
  record TopicRestored(TopicId topic, String name, int partitions) implements TopicRecord {}

  /// A deleted topic cannot come back any more.
  @Kind(value = 115, since = 2)
  record RetiredTopicLetGo(TopicId topic) implements TopicRecord {}

  /// The topic that has changed.
  default TopicId changed() {
    return switch (this) {
      case TopicCreated created -> created.topic().id();
      case TopicDeleted deleted -> deleted.topic();
      case TopicGrown grown -> grown.topic();
      case TopicConfigured configured -> configured.topic();
      case TopicRetired retired -> retired.topic();
      case TopicRestored restored -> restored.topic();
      case RetiredTopicLetGo gone -> gone.topic();
    };
  }
}
