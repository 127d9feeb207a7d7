package io.weft.bench;

import io.weft.server.settings.Settings;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;

/// The topic a benchmark uses.
final class BenchTopic {
  private BenchTopic() {}

  /// Creates it, unless it is there.
  static void create(Settings settings) throws InterruptedException {
    NewTopic topic =
        new NewTopic(
            settings.text("topic"), Optional.of(settings.number("partitions")), Optional.empty());
    try (Admin admin = admin(settings)) {
      admin.createTopics(List.of(topic)).all().get();
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw new KafkaException("the topic cannot be created", e.getCause());
      }
    }
  }

  static List<TopicPartition> partitions(Settings settings) throws InterruptedException {
    String topic = settings.text("topic");
    try (Admin admin = admin(settings)) {
      return admin
          .describeTopics(List.of(topic))
          .allTopicNames()
          .get()
          .get(topic)
          .partitions()
          .stream()
          .map(partition -> new TopicPartition(topic, partition.partition()))
          .toList();
    } catch (ExecutionException e) {
      throw new KafkaException("the topic cannot be described", e.getCause());
    }
  }

  private static Admin admin(Settings settings) {
    return Admin.create(
        Map.of("bootstrap.servers", settings.text("bootstrap.servers"), "client.id", "weft-bench"));
  }
}
