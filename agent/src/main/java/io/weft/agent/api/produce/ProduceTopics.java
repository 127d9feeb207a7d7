package io.weft.agent.api.produce;

import io.weft.agent.catalog.CatalogSnapshot;
import io.weft.agent.catalog.LiveCatalog;
import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.TopicCatalog.Topic;
import io.weft.controlplane.api.topic.TopicSettings;
import io.weft.model.TopicId;
import java.util.Optional;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.protocol.Errors;

/// Which partitions of a produce request there are, by one version of the catalog. Immutable.
///
/// This agent's copy may be old, and an answer may not: before a partition is called unknown, the
/// control plane is asked. If it cannot be, the client is sent to look elsewhere.
final class ProduceTopics {
  private final Optional<CatalogSnapshot> snapshot;
  private final boolean byTopicId;

  /// Whether what is not in the snapshot is not there at all.
  private final boolean definite;

  private ProduceTopics(Optional<CatalogSnapshot> snapshot, boolean byTopicId, boolean definite) {
    this.snapshot = snapshot;
    this.byTopicId = byTopicId;
    this.definite = definite;
  }

  sealed interface Lookup {
    record Found(Topic topic, TopicSettings settings) implements Lookup {}

    record Missing(Errors error) implements Lookup {}
  }

  static ProduceTopics of(ProduceRequestData request, boolean byTopicId, LiveCatalog catalog) {
    ProduceTopics known = new ProduceTopics(Optional.empty(), byTopicId, false);
    try {
      known = new ProduceTopics(Optional.of(catalog.current()), byTopicId, false);
      if (known.hasAll(request)) {
        return known;
      }
      return new ProduceTopics(Optional.of(catalog.fresh()), byTopicId, true);
    } catch (ControlPlaneException e) {
      return known;
    }
  }

  Lookup find(TopicProduceData wanted, int partition) {
    Optional<Topic> found = topic(wanted);
    // Kafka's own topics are no topics here, and nobody writes to them.
    if (isInternal(found.map(Topic::name).orElse(wanted.name()))) {
      return new Lookup.Missing(Errors.INVALID_TOPIC_EXCEPTION);
    }
    if (found.isPresent() && hasPartition(found.get(), partition)) {
      return new Lookup.Found(found.get(), snapshot.orElseThrow().settings(found.get()));
    }
    if (!definite) {
      return new Lookup.Missing(Errors.NOT_LEADER_OR_FOLLOWER);
    }
    return new Lookup.Missing(
        found.isPresent()
            ? Errors.UNKNOWN_TOPIC_OR_PARTITION
            : ProduceErrors.unknownTopic(byTopicId));
  }

  private boolean hasAll(ProduceRequestData request) {
    for (TopicProduceData wanted : request.topicData()) {
      Optional<Topic> found = topic(wanted);
      for (PartitionProduceData partition : wanted.partitionData()) {
        if (found.isEmpty() || !hasPartition(found.get(), partition.index())) {
          return false;
        }
      }
    }
    return true;
  }

  private Optional<Topic> topic(TopicProduceData wanted) {
    if (byTopicId) {
      TopicId id =
          new TopicId(
              wanted.topicId().getMostSignificantBits(),
              wanted.topicId().getLeastSignificantBits());
      return snapshot.flatMap(catalog -> catalog.topic(id));
    }
    return snapshot.flatMap(catalog -> catalog.topic(wanted.name()));
  }

  private static boolean hasPartition(Topic topic, int partition) {
    return partition >= 0 && partition < topic.partitions();
  }

  private static boolean isInternal(String name) {
    return org.apache.kafka.common.internals.Topic.isInternal(name);
  }
}
