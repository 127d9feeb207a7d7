package io.weft.controlplane.state.log;

import io.weft.controlplane.api.TopicCatalog.Topic;
import io.weft.controlplane.codec.Levels;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.state.partition.PartitionLog;
import io.weft.controlplane.state.topic.RetiredTopics;
import io.weft.model.Extent;
import io.weft.model.Marker;
import io.weft.model.PartitionId;
import io.weft.model.Span;
import io.weft.model.TopicId;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

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
    pin(topic, files, 1);
  }

  TopicLogs remove(TopicId id, LiveFiles files) {
    TopicLogs topic = byTopic.remove(id);
    pin(topic, files, -1);
    return topic;
  }

  boolean anyProducerUnusedSince(long timeMs) {
    for (TopicLogs topic : byTopic.values()) {
      for (PartitionLog log : topic.logs) {
        if (log.anyProducerUnusedSince(timeMs)) {
          return true;
        }
      }
    }
    return false;
  }

  void removeProducersUnusedSince(long timeMs) {
    for (TopicLogs topic : byTopic.values()) {
      for (PartitionLog log : topic.logs) {
        log.removeProducersUnusedSince(timeMs);
      }
    }
  }

  void write(WireWriter out) {
    if (out.level() > Levels.FIRST) {
      for (TopicLogs topic : byTopic.values()) {
        for (PartitionLog log : topic.logs) {
          log.write(out);
        }
      }
    }
  }

  /// The logs stand in the order of the topics' ids.
  void read(WireReader in, RetiredTopics topics) {
    for (RetiredTopics.Retired each : topics.all()) {
      Topic topic = each.topic();
      byTopic.put(topic.id(), new TopicLogs(topic.name(), topic.partitions(), topic.settings()));
    }
    for (TopicLogs topic : byTopic.values()) {
      for (int i = 0; i < topic.logs.length; i++) {
        topic.logs[i] = PartitionLog.read(in);
      }
    }
  }

  /// The files have been read, too.
  void pinAll(LiveFiles files) {
    byTopic.values().forEach(topic -> pin(topic, files, 1));
  }

  private static void pin(TopicLogs topic, LiveFiles files, int by) {
    topic.eachSpan(span -> pin(span, files, by));
  }

  private static void pin(Span span, LiveFiles files, int by) {
    switch (span) {
      case Extent extent -> files.pin(extent.fileId(), by);
      case Marker marker -> {}
    }
  }
}
