package io.weft.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.server.process.WeftProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What is past its retention disappears: offsets first, then the files, though an agent is killed
/// in the middle; and what is not, stays.
class RetentionTest {
  private static final TopicPartition SHORT = new TopicPartition("short", 0);
  private static final TopicPartition LONG = new TopicPartition("long", 0);

  @TempDir Path folder;

  private WeftProcess controlPlane() throws InterruptedException {
    return WeftProcess.start(
        folder.resolve("control-plane"),
        List.of("-Xmx256m"),
        List.of(
            "control-plane",
            "--listen",
            "127.0.0.1:0",
            "--journal",
            "file:" + folder.resolve("journal"),
            "--file-delete-grace-ms",
            "1000"));
  }

  private WeftProcess agent(WeftProcess controlPlane, String name) throws InterruptedException {
    return WeftProcess.start(
        folder.resolve(name),
        List.of("-Xmx256m"),
        List.of(
            "agent",
            "--listen",
            "127.0.0.1:0",
            "--control-plane",
            controlPlane.address(),
            "--bucket",
            "file:" + folder.resolve("records"),
            "--flush-interval-ms",
            "20"));
  }

  private long files() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("records").resolve("files"))) {
      return files.filter(Files::isRegularFile).count();
    }
  }

  @Test
  @Timeout(600)
  void whatIsPastItsRetentionDisappears() throws Exception {
    try (WeftProcess controlPlane = controlPlane();
        WeftProcess doomed = agent(controlPlane, "doomed");
        WeftProcess staying = agent(controlPlane, "staying")) {
      Map<String, Object> settings = Map.of("bootstrap.servers", staying.address());
      try (Admin admin = Admin.create(settings)) {
        admin
            .createTopics(
                List.of(
                    new NewTopic("short", 1, (short) 1).configs(Map.of("retention.ms", "2000")),
                    new NewTopic("long", 1, (short) 1)))
            .all()
            .get();
        produce(staying, "long", 1);
        long kept = files();
        produce(doomed, "short", 30);
        produce(staying, "short", 30);
        assertThat(files()).isGreaterThan(kept);
        doomed.process().kill();
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(staying)) {
          awaitFiles(kept);
          assertThat(consumer.beginningOffsets(List.of(SHORT))).containsEntry(SHORT, 60L);
          assertThat(consumer.endOffsets(List.of(SHORT))).containsEntry(SHORT, 60L);
          consumer.assign(List.of(SHORT));
          consumer.seek(SHORT, 59);
          assertThatThrownBy(() -> pollFor(consumer)).isInstanceOf(OffsetOutOfRangeException.class);
          consumer.assign(List.of(LONG));
          consumer.seek(LONG, 0);
          assertThat(pollFor(consumer)).isEqualTo(1);
        }
      }
    }
  }

  private void awaitFiles(long count) throws Exception {
    while (files() > count) {
      Thread.sleep(200);
    }
    assertThat(files()).isEqualTo(count);
  }

  /// Each record in a batch of its own, some in files of their own.
  private static void produce(WeftProcess agent, String topic, int records) throws Exception {
    Map<String, Object> settings =
        Map.of("bootstrap.servers", agent.address(), "batch.size", 1, "linger.ms", 0);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      for (int i = 0; i < records; i++) {
        sent.add(producer.send(new ProducerRecord<>(topic, 0, null, new byte[100])));
        if (i % 5 == 0) {
          sent.getLast().get();
        }
      }
      for (Future<RecordMetadata> each : sent) {
        each.get();
      }
    }
  }

  private static KafkaConsumer<byte[], byte[]> consumer(WeftProcess agent) {
    return new KafkaConsumer<>(
        Map.of("bootstrap.servers", agent.address(), "auto.offset.reset", "none"),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }

  private static int pollFor(KafkaConsumer<byte[], byte[]> consumer) {
    int polled = 0;
    while (polled == 0) {
      polled = consumer.poll(Duration.ofMillis(500)).count();
    }
    return polled;
  }
}
