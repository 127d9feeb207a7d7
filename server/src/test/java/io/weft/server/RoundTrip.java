package io.weft.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.server.clients.BoundedProducer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// Sends records whose values follow from partition and number, and compares what comes back.
final class RoundTrip {
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final int EMPTY_POLLS_MAX = 120;

  private final String bootstrapServers;
  private final String topic;
  private final int valueBytes;
  private int partitions;
  private final Map<Integer, Integer> sent = new HashMap<>();

  RoundTrip(String bootstrapServers, String topic, int valueBytes) {
    this.bootstrapServers = bootstrapServers;
    this.topic = topic;
    this.valueBytes = valueBytes;
  }

  void createTopic(int partitionCount) throws Exception {
    partitions = partitionCount;
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
      NewTopic wanted = new NewTopic(topic, Optional.of(partitionCount), Optional.of((short) 3));
      admin.createTopics(List.of(wanted)).all().get();
    }
  }

  /// Sends to all partitions in turn and waits for every acknowledgement, each with the next
  /// offset.
  void produce(String codec, int records) throws Exception {
    Map<String, Object> settings =
        Map.of("bootstrap.servers", bootstrapServers, "compression.type", codec);
    List<Future<RecordMetadata>> answers = new ArrayList<>();
    try (KafkaProducer<byte[], byte[]> producer =
        new BoundedProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      for (int i = 0; i < records; i++) {
        int partition = i % partitions;
        int number = sent.merge(partition, 1, Integer::sum) - 1;
        answers.add(
            producer.send(new ProducerRecord<>(topic, partition, null, value(partition, number))));
      }
    }
    Map<Integer, Long> next = new HashMap<>();
    for (Future<RecordMetadata> answer : answers) {
      RecordMetadata placed = answer.get();
      long expected = next.merge(placed.partition(), 1L, Long::sum) - 1;
      assertThat(placed.offset()).isEqualTo(expected);
    }
  }

  /// Reads all partitions from the beginning to their ends.
  ///
  /// @return how many records there were; each was the one expected at its offset
  int consumeAndCompare(String through) {
    int count = 0;
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", through),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> all = new ArrayList<>();
      for (int partition = 0; partition < partitions; partition++) {
        all.add(new TopicPartition(topic, partition));
      }
      consumer.assign(all);
      consumer.seekToBeginning(all);
      Map<TopicPartition, Long> ends = consumer.endOffsets(all);
      ends.forEach(
          (partition, end) ->
              assertThat(end).isEqualTo(sent.getOrDefault(partition.partition(), 0).longValue()));
      int emptyPolls = 0;
      while (all.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
        Map<Integer, Long> before = new HashMap<>();
        all.forEach(p -> before.put(p.partition(), -1L));
        int got = 0;
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          assertThat(record.value()).isEqualTo(value(record.partition(), (int) record.offset()));
          long last = before.put(record.partition(), record.offset());
          assertThat(last == -1 || last + 1 == record.offset()).isTrue();
          got++;
        }
        count += got;
        emptyPolls = got == 0 ? emptyPolls + 1 : 0;
        assertThat(emptyPolls).isLessThan(EMPTY_POLLS_MAX);
      }
    }
    return count;
  }

  private byte[] value(int partition, int number) {
    byte[] value = new byte[valueBytes];
    SplittableRandom random = new SplittableRandom(partition * 1_000_003L + number);
    byte[] noise = new byte[valueBytes / 2];
    random.nextBytes(noise);
    System.arraycopy(noise, 0, value, 0, noise.length);
    return value;
  }
}
