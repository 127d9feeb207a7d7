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

  /// The topic that has changed.
  default TopicId changed() {
    return switch (this) {
      case TopicCreated created -> created.topic().id();
      case TopicDeleted deleted -> deleted.topic();
      case TopicGrown grown -> grown.topic();
      case TopicConfigured configured -> configured.topic();
    };
  }
}
