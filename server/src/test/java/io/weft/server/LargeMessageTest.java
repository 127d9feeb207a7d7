package io.weft.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.server.clients.BoundedProducer;
import io.weft.server.process.WeftProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Batches far larger than files, chunks and answers usually are, from a real client to a real
/// client.
class LargeMessageTest {
  private static final int MIB = 1 << 20;
  private static final int POLLS_MAX = 120;

  @TempDir static Path folder;

  private static WeftProcess weft;

  @BeforeAll
  static void start() throws Exception {
    weft = WeftProcess.start(folder, List.of("-Xmx400m"), List.of("dev", "--port", "0"));
  }

  @AfterAll
  static void stop() {
    weft.close();
  }

  @Test
  void aBatchAsLargeAsItsTopicTakesComesBack() throws Exception {
    create("large", Map.of("max.message.bytes", "100000000"));
    byte[] value = new byte[33 * MIB];
    new Random(33).nextBytes(value);

    send("large", value, "none");
    send("large", new byte[] {7}, "none");

    List<ConsumerRecord<byte[], byte[]>> records = read("large", 2);
    assertThat(records.getFirst().value()).isEqualTo(value);
    assertThat(records.get(1).value()).isEqualTo(new byte[] {7});
  }

  @Test
  void aBatchLargerThanItsTopicTakesIsRefused() throws Exception {
    create("small", Map.of());

    assertThatThrownBy(() -> send("small", new byte[2 * MIB], "none"))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(RecordTooLargeException.class);
  }

  @Test
  void aRecordThatUnfoldsToMoreThanItsTopicTakesIsRefused() throws Exception {
    create("unfolding", Map.of("max.decompressed.message.bytes", "10000000"));
    byte[] zeros = new byte[20 * MIB];

    assertThatThrownBy(() -> send("unfolding", zeros, "gzip"))
        .isInstanceOf(ExecutionException.class)
        .hasCauseInstanceOf(InvalidRecordException.class)
        .hasMessageContaining("max.decompressed.message.bytes");

    create("unfolding.more", Map.of());
    send("unfolding.more", zeros, "gzip");
    assertThat(read("unfolding.more", 1).getFirst().value()).hasSize(zeros.length);
  }

  private static void create(String topic, Map<String, String> settings) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", weft.address()))) {
      admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1).configs(settings))).all().get();
    }
  }

  private static void send(String topic, byte[] value, String codec) throws Exception {
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers",
            weft.address(),
            "max.request.size",
            100_000_000,
            "buffer.memory",
            100_000_000L,
            "compression.type",
            codec);
    try (var producer =
        new BoundedProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>(topic, value)).get();
    }
  }

  private static List<ConsumerRecord<byte[], byte[]>> read(String topic, int count) {
    Map<String, Object> settings =
        Map.of("bootstrap.servers", weft.address(), "auto.offset.reset", "earliest");
    try (var consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(List.of(new TopicPartition(topic, 0)));
      List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
      for (int polls = 0; polls < POLLS_MAX && records.size() < count; polls++) {
        consumer.poll(Duration.ofSeconds(1)).forEach(records::add);
      }
      return records;
    }
  }
}
