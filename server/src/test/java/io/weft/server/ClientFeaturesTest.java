package io.weft.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.server.clients.BoundedProducer;
import io.weft.server.process.WeftProcess;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What applications of the Java clients rely on besides getting back what they sent.
class ClientFeaturesTest {
  private static final Duration POLL = Duration.ofMillis(500);
  private static final int EMPTY_POLLS_MAX = 60;

  @TempDir static Path folder;

  private static WeftProcess weft;

  @BeforeAll
  static void start() throws InterruptedException {
    weft = WeftProcess.dev(folder);
  }

  @AfterAll
  static void stop() {
    weft.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
  void recordsGetTheTimeTheyAreAppendedAt(String codec) throws Exception {
    String topic = "append-time-" + codec;
    createTopic(topic, Map.of("message.timestamp.type", "LogAppendTime"));
    long before = System.currentTimeMillis();
    List<RecordMetadata> placed = new ArrayList<>();
    try (var producer = producer(Map.of("compression.type", codec))) {
      for (int i = 0; i < 5; i++) {
        placed.add(producer.send(record(topic, 1_000L + i, "some value some value")).get());
      }
    }
    long after = System.currentTimeMillis();

    List<ConsumerRecord<byte[], byte[]>> read = read(topic, 5, Map.of());

    assertThat(read).allMatch(r -> r.timestampType() == TimestampType.LOG_APPEND_TIME);
    assertThat(read)
        .extracting(ConsumerRecord::timestamp)
        .isSorted()
        .allMatch(t -> before <= t && t <= after)
        .containsExactlyElementsOf(placed.stream().map(RecordMetadata::timestamp).toList());
  }

  @Test
  void offsetsAreFoundByTimestamp() throws Exception {
    // Records of 1970 would go at once.
    createTopic("times", Map.of("retention.ms", "-1"));
    try (var producer = producer(Map.of("compression.type", "lz4", "linger.ms", 50))) {
      List<Future<RecordMetadata>> placed = new ArrayList<>();
      for (long timestamp : new long[] {1_000, 3_000, 2_000, 5_000, 4_000}) {
        placed.add(producer.send(record("times", timestamp, "v")));
      }
      producer.flush();
      assertThat(placed).allMatch(Future::isDone);
      producer.send(record("times", 9_000L, "later")).get();
    }

    assertThat(offsetAt("times", 0)).contains(0L);
    assertThat(offsetAt("times", 2_000)).contains(1L);
    assertThat(offsetAt("times", 3_001)).contains(3L);
    assertThat(offsetAt("times", 5_001)).contains(5L);
    assertThat(offsetAt("times", 9_001)).isEmpty();
  }

  @Test
  void committedRecordsAreAllThereAre() throws Exception {
    createTopic("committed", Map.of());
    send("committed", "a", "b", "c");

    assertThat(read("committed", 3, Map.of("isolation.level", "read_committed")))
        .extracting(ClientFeaturesTest::text)
        .containsExactly("a", "b", "c");
  }

  @Test
  void aTopicThatIsMadeAgainIsEmpty() throws Exception {
    createTopic("again", Map.of());
    send("again", "old", "older", "oldest");
    deleteTopic("again");
    createTopic("again", Map.of());

    send("again", "new");

    assertThat(read("again", 1, Map.of()))
        .extracting(ClientFeaturesTest::text)
        .containsExactly("new");
  }

  @Test
  void clientsGoOnWithATopicThatIsMadeAgain() throws Exception {
    createTopic("under-them", Map.of());
    TopicPartition partition = new TopicPartition("under-them", 0);
    try (var producer = producer(Map.of());
        var consumer = consumer(Map.of("auto.offset.reset", "earliest"))) {
      producer.send(record("under-them", 1L, "old")).get();
      producer.send(record("under-them", 1L, "older")).get();
      consumer.assign(List.of(partition));
      assertThat(poll(consumer, 2)).hasSize(2);
      deleteTopic("under-them");
      createTopic("under-them", Map.of());

      producer.send(record("under-them", 1L, "new")).get();

      assertThat(poll(consumer, 1)).extracting(ClientFeaturesTest::text).containsExactly("new");
    }
  }

  @Test
  void compactedTopicsTakeKeyedRecords() throws Exception {
    createTopic("compacted", Map.of("cleanup.policy", "compact"));
    byte[] key = {1};
    try (var producer = producer(Map.of())) {
      producer.send(new ProducerRecord<>("compacted", key, new byte[] {2})).get();
      producer.send(new ProducerRecord<>("compacted", key, null)).get();
    }

    List<ConsumerRecord<byte[], byte[]>> read = read("compacted", 2, Map.of());

    assertThat(read.getFirst().key()).isEqualTo(key);
    assertThat(read.getLast().value()).isNull();
  }

  private static void createTopic(String name, Map<String, String> settings) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", weft.address()))) {
      NewTopic topic = new NewTopic(name, Optional.of(1), Optional.empty());
      admin.createTopics(List.of(topic.configs(settings))).all().get();
    }
  }

  private static void deleteTopic(String name) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", weft.address()))) {
      admin.deleteTopics(List.of(name)).all().get();
    }
  }

  private static void send(String topic, String... values) throws Exception {
    try (var producer = producer(Map.of())) {
      for (String value : values) {
        producer.send(record(topic, System.currentTimeMillis(), value)).get();
      }
    }
  }

  private static Optional<Long> offsetAt(String topic, long timestampMs) {
    TopicPartition partition = new TopicPartition(topic, 0);
    try (var consumer = consumer(Map.of())) {
      OffsetAndTimestamp found =
          consumer.offsetsForTimes(Map.of(partition, timestampMs)).get(partition);
      return Optional.ofNullable(found).map(OffsetAndTimestamp::offset);
    }
  }

  private static List<ConsumerRecord<byte[], byte[]>> read(
      String topic, int count, Map<String, Object> more) {
    try (var consumer = consumer(more)) {
      TopicPartition partition = new TopicPartition(topic, 0);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      List<ConsumerRecord<byte[], byte[]>> read = poll(consumer, count);
      assertThat(consumer.endOffsets(List.of(partition))).containsEntry(partition, (long) count);
      return read;
    }
  }

  private static List<ConsumerRecord<byte[], byte[]>> poll(
      KafkaConsumer<byte[], byte[]> consumer, int count) {
    List<ConsumerRecord<byte[], byte[]>> read = new ArrayList<>();
    for (int i = 0; i < EMPTY_POLLS_MAX && read.size() < count; i++) {
      consumer.poll(POLL).forEach(read::add);
    }
    return read;
  }

  private static ProducerRecord<byte[], byte[]> record(
      String topic, long timestampMs, String value) {
    return new ProducerRecord<>(
        topic, 0, timestampMs, null, value.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(ConsumerRecord<byte[], byte[]> record) {
    return new String(record.value(), StandardCharsets.UTF_8);
  }

  private static KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
    return new BoundedProducer<>(
        settings(more), new ByteArraySerializer(), new ByteArraySerializer());
  }

  private static KafkaConsumer<byte[], byte[]> consumer(Map<String, Object> more) {
    return new KafkaConsumer<>(
        settings(more), new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private static Map<String, Object> settings(Map<String, Object> more) {
    Map<String, Object> settings = new HashMap<>(more);
    settings.put("bootstrap.servers", weft.address());
    return settings;
  }
}
