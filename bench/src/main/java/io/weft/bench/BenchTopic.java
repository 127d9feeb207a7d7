package io.weft.bench;

import io.weft.environment.Environment;
import io.weft.server.settings.Settings;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/// The topic a benchmark uses.
final class BenchTopic {
  private static final long LED_MS_MAX = 30_000;
  private static final long LOOK_MS = 200;

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

  /// Creates it, unless it is there, and waits until each of its partitions has a leader.
  static void createLed(Settings settings, Environment environment) throws InterruptedException {
    create(settings);
    long deadlineMs = environment.clock().monotonicMs() + LED_MS_MAX;
    while (!isLed(settings)) {
      if (environment.clock().monotonicMs() >= deadlineMs) {
        throw new KafkaException("no leader of each partition within " + LED_MS_MAX + " ms");
      }
      environment.tasks().sleepMs(LOOK_MS);
    }
  }

  static List<TopicPartition> partitions(Settings settings) throws InterruptedException {
    try {
      return described(settings).stream()
          .map(partition -> new TopicPartition(settings.text("topic"), partition.partition()))
          .toList();
    } catch (ExecutionException e) {
      throw new KafkaException("the topic cannot be described", e.getCause());
    }
  }

  private static boolean isLed(Settings settings) throws InterruptedException {
    try {
      return described(settings).stream()
          .allMatch(partition -> partition.leader() != null && !partition.leader().isEmpty());
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return false;
      }
      throw new KafkaException("the topic cannot be described", e.getCause());
    }
  }

  private static List<TopicPartitionInfo> described(Settings settings)
      throws InterruptedException, ExecutionException {
    String topic = settings.text("topic");
    try (Admin admin = admin(settings)) {
      return admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic).partitions();
    }
  }

  private static Admin admin(Settings settings) {
    return Admin.create(
        Map.of("bootstrap.servers", settings.text("bootstrap.servers"), "client.id", "weft-bench"));
  }
}
