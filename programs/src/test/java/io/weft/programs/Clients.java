package io.weft.programs;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/// Java clients of one system, and what most tests do with them.
public record Clients(String address) {
  public Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", address));
  }

  public KafkaProducer<String, String> producer(Map<String, Object> more) {
    return new KafkaProducer<>(settings(more), new StringSerializer(), new StringSerializer());
  }

  /// From the beginning, without commits of its own accord.
  public KafkaConsumer<String, String> consumer(Map<String, Object> more) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("auto.offset.reset", "earliest");
    settings.put("enable.auto.commit", false);
    settings.putAll(more);
    return new KafkaConsumer<>(
        settings(settings), new StringDeserializer(), new StringDeserializer());
  }

  /// The address and these.
  public Map<String, Object> settings(Map<String, Object> more) {
    Map<String, Object> settings = new HashMap<>(Map.of("bootstrap.servers", address));
    settings.putAll(more);
    return settings;
  }

  public void createTopic(String name, int partitions) throws Exception {
    createTopic(name, partitions, Map.of());
  }

  public void createTopic(String name, int partitions, Map<String, String> settings)
      throws Exception {
    try (Admin admin = admin()) {
      NewTopic topic = new NewTopic(name, Optional.of(partitions), Optional.empty());
      admin.createTopics(List.of(topic.configs(settings))).all().get();
    }
  }

  /// Sends the values without keys, one after the other to each partition in turn.
  public void send(String topic, int partitions, List<String> values)
      throws ExecutionException, InterruptedException {
    List<Future<?>> sent = new ArrayList<>();
    try (var producer = producer(Map.of())) {
      for (int i = 0; i < values.size(); i++) {
        sent.add(producer.send(new ProducerRecord<>(topic, i % partitions, null, values.get(i))));
      }
    }
    for (Future<?> one : sent) {
      one.get();
    }
  }

  /// What the group has committed, by partition; partitions without are left out.
  public Map<TopicPartition, Long> committed(String group)
      throws ExecutionException, InterruptedException {
    try (Admin admin = admin()) {
      Map<TopicPartition, OffsetAndMetadata> offsets =
          admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
      return offsets.entrySet().stream()
          .filter(entry -> entry.getValue() != null)
          .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().offset()));
    }
  }
}
