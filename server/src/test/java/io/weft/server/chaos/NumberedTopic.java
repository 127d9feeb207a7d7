package io.weft.server.chaos;

import io.weft.server.clients.Deadline;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;

/// A topic and how many partitions it has.
record NumberedTopic(String name, int partitions) {
  /// What a history calls a partition.
  String key(int partition) {
    return name + "-" + partition;
  }

  List<TopicPartition> all() {
    return IntStream.range(0, partitions).mapToObj(i -> new TopicPartition(name, i)).toList();
  }

  /// Creates topics; returns once each of their partitions answers.
  static void create(String bootstrapServers, List<NumberedTopic> topics, int replicationFactor)
      throws Exception {
    Optional<Short> replicas = Optional.of((short) replicationFactor);
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
      admin
          .createTopics(
              topics.stream()
                  .map(
                      topic ->
                          new NewTopic(topic.name(), Optional.of(topic.partitions()), replicas))
                  .toList())
          .all()
          .get();
      awaitLed(admin, topics);
    }
  }

  /// A Kafka broker answers before it leads them all, or has heard of them; idempotent producers
  /// that come in between have waited for good.
  private static void awaitLed(Admin admin, List<NumberedTopic> topics) throws Exception {
    Map<TopicPartition, OffsetSpec> all =
        topics.stream()
            .flatMap(topic -> topic.all().stream())
            .collect(Collectors.toMap(Function.identity(), _ -> OffsetSpec.latest()));
    Deadline deadline = Deadline.usual();
    while (true) {
      try {
        admin.listOffsets(all).all().get();
        return;
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof RetriableException)) {
          throw e;
        }
        deadline.check("partitions of %s are not led: %s", topics, e.getMessage());
      }
    }
  }
}
