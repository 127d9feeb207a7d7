package io.weft.server.cost;

import io.weft.controlplane.api.ControlPlane;
import io.weft.controlplane.api.ExtentIndex;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.TopicCatalog.Page;
import io.weft.controlplane.api.TopicCatalog.Position;
import io.weft.controlplane.api.TopicCatalog.Topic;
import io.weft.environment.Clock;
import io.weft.model.PartitionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// How many bytes each topic's logs have, as the control plane says. Immutable.
///
/// @param readNanos when the control plane began to be asked: each topic comes at about the same
///   place of each reading, so two of them are apart by as much as their beginnings
/// @param bytes by the topic's name
record StoredTopics(long readNanos, Map<String, Long> bytes) {
  /// What is known of a topic's part in the bill.
  ///
  /// @param storedBytes kept of it
  /// @param inBytes by which it grows in a second; 0 while more of it is deleted than written
  record TopicBytes(String name, double storedBytes, double inBytes) {}

  static StoredTopics read(ControlPlane controlPlane, Clock clock) {
    long begunNanos = clock.nanos();
    Map<String, Long> bytes = new TreeMap<>();
    Position reached = Position.NOWHERE;
    boolean more = true;
    while (more) {
      Page page = controlPlane.as(TopicCatalog.class).page(reached);
      for (Topic topic : page.topics()) {
        bytes.put(topic.name(), sizeOf(topic, controlPlane.as(ExtentIndex.class)));
      }
      reached = page.reached();
      more = page.more();
    }
    return new StoredTopics(begunNanos, bytes);
  }

  private static long sizeOf(Topic topic, ExtentIndex extents) {
    List<PartitionId> all =
        IntStream.range(0, topic.partitions())
            .mapToObj(partition -> new PartitionId(topic.id(), partition))
            .toList();
    long sum = 0;
    for (int from = 0; from < all.size(); from += ExtentIndex.QUERIES_MAX) {
      List<PartitionId> some =
          all.subList(from, Math.min(all.size(), from + ExtentIndex.QUERIES_MAX));
      sum += extents.sizes(some).stream().mapToLong(size -> Math.max(0, size)).sum();
    }
    return sum;
  }

  /// Of all topics.
  double sum() {
    return bytes.values().stream().mapToDouble(Long::doubleValue).sum();
  }

  /// What there is now, and how fast it has grown.
  List<TopicBytes> since(StoredTopics before) {
    double seconds = (readNanos - before.readNanos) / 1e9;
    List<TopicBytes> topics = new ArrayList<>();
    bytes.forEach(
        (name, now) ->
            topics.add(
                new TopicBytes(
                    name, now, Math.max(0, now - before.bytes.getOrDefault(name, 0L)) / seconds)));
    return topics;
  }
}
