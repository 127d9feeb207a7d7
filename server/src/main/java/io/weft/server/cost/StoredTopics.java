package io.weft.server.cost;

import io.weft.controlplane.api.ControlPlane;
import io.weft.controlplane.api.ExtentIndex;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.TopicCatalog.Page;
import io.weft.controlplane.api.TopicCatalog.Position;
import io.weft.controlplane.api.TopicCatalog.Topic;
import io.weft.model.PartitionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/// How many bytes each topic's logs have, as the control plane says. Stateless.
final class StoredTopics {
  /// What is known of a topic's part in the bill.
  ///
  /// @param storedBytes kept of it
  /// @param inBytes by which it grows in a second; 0 while more of it is deleted than written
  record TopicBytes(String name, double storedBytes, double inBytes) {}

  private StoredTopics() {}

  /// By the topic's name.
  static Map<String, Long> read(ControlPlane controlPlane) {
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
    return bytes;
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

  /// @param seconds between the two
  static List<TopicBytes> between(
      Map<String, Long> before, Map<String, Long> after, double seconds) {
    List<TopicBytes> topics = new ArrayList<>();
    after.forEach(
        (name, bytes) ->
            topics.add(
                new TopicBytes(
                    name, bytes, Math.max(0, bytes - before.getOrDefault(name, 0L)) / seconds)));
    return topics;
  }
}
