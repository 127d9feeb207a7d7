package io.weft.controlplane.state.log;

import io.weft.controlplane.api.TopicCatalog.Topic;
import io.weft.controlplane.codec.Levels;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.state.partition.PartitionLog;
import io.weft.controlplane.state.topic.RetiredTopics;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/// The logs of topics that were deleted and can come back, as they were. Owned by one thread.
///
/// Their files stay live, and are pinned: none of them is merged, since nothing else could take the
/// place of what these logs have of it. Nothing is appended, nothing is too old; only a transaction
/// that was open goes on to its end.
final class RetiredLogs {
  private final Map<TopicId, TopicLogs> byTopic = new TreeMap<>();

  Optional<PartitionLog> find(PartitionId partition) {
    TopicLogs topic = byTopic.get(partition.topic());
    return topic == null || partition.partition() >= topic.logs.length
        ? Optional.empty()
        : Optional.of(topic.logs[partition.partition()]);
  }

  void add(TopicId id, TopicLogs topic, LiveFiles files) {
    byTopic.put(id, topic);
    topic.eachSpan(files::pin);
  }

  TopicLogs remove(TopicId id, LiveFiles files) {
    TopicLogs topic = byTopic.remove(id);
    topic.eachSpan(files::unpin);
    return topic;
  }

  boolean anyProducerUnusedSince(long timeMs) {
    for (TopicLogs topic : byTopic.values()) {
      if (topic.anyProducerUnusedSince(timeMs)) {
        return true;
      }
    }
    return false;
  }

  void removeProducersUnusedSince(long timeMs) {
    byTopic.values().forEach(topic -> topic.removeProducersUnusedSince(timeMs));
  }

  void write(WireWriter out) {
    if (out.level() > Levels.FIRST) {
      byTopic.values().forEach(topic -> topic.write(out));
    }
  }

  /// The logs stand in the order of the topics' ids.
  void read(WireReader in, RetiredTopics topics) {
    for (RetiredTopics.Retired each : topics.all()) {
      Topic topic = each.topic();
      byTopic.put(topic.id(), new TopicLogs(topic.name(), topic.partitions(), topic.settings()));
    }
    byTopic.values().forEach(topic -> topic.read(in));
  }

  /// The files have been read, too.
  void pinAll(LiveFiles files) {
    byTopic.values().forEach(topic -> topic.eachSpan(files::pin));
  }

  void eachLog(Consumer<PartitionLog> seen) {
    byTopic.values().forEach(topic -> topic.eachLog(seen));
  }
}
