package io.weft.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.server.clients.BoundedProducer;
import io.weft.server.clients.Deadline;
import io.weft.server.process.ChildProcess;
import io.weft.server.process.WeftProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Fresh records lie in one store and are in the other a while later, however few they are; clients
/// see nothing of it.
class TieredStorageTest {
  private static final String SMALL = "-Xmx256m";
  private static final int ROUNDS = 10;
  private static final List<TopicPartition> PARTITIONS =
      List.of(new TopicPartition("t", 0), new TopicPartition("t", 1));

  @TempDir Path folder;
  private Path tiers;

  @BeforeEach
  void writeDown() throws IOException {
    tiers =
        Files.writeString(
            folder.resolve("tiers.yaml"),
            """
            tieredStorageConfig:
              lowLatency:  { storageType: Folder, path: %s }
              highLatency: { storageType: Folder, path: %s }
            """
                .formatted(folder.resolve("low"), folder.resolve("high")));
  }

  private WeftProcess controlPlane() throws InterruptedException {
    return WeftProcess.start(
        folder.resolve("control-plane"),
        List.of(SMALL),
        List.of(
            "control-plane",
            "--listen",
            "127.0.0.1:0",
            "--journal",
            "file:" + folder.resolve("journal"),
            "--file-delete-grace-ms",
            "1000",
            "--topic-undelete-ms",
            "0",
            "--low-latency-max-ms",
            "10000"));
  }

  private WeftProcess agent(WeftProcess controlPlane, String name) throws InterruptedException {
    return WeftProcess.start(
        folder.resolve(name),
        List.of(SMALL),
        List.of(
            "agent",
            "--listen",
            "127.0.0.1:0",
            "--control-plane",
            controlPlane.address(),
            "--tiered-storage",
            tiers.toString(),
            "--flush-interval-ms",
            "20"));
  }

  private long files(String store) throws IOException {
    Path files = folder.resolve(store).resolve("files");
    if (!Files.isDirectory(files)) {
      return 0;
    }
    try (Stream<Path> all = Files.walk(files)) {
      return all.filter(Files::isRegularFile).count();
    }
  }

  private void awaitNone(String store) throws Exception {
    Deadline deadline = Deadline.usual();
    while (files(store) > 0) {
      deadline.check("%d files in %s", files(store), store);
      Thread.sleep(Duration.ofMillis(200));
    }
  }

  @Test
  @Timeout(600)
  void freshRecordsAreMovedAndReadAllTheSame() throws Exception {
    try (WeftProcess controlPlane = controlPlane();
        WeftProcess one = agent(controlPlane, "one");
        WeftProcess two = agent(controlPlane, "two")) {
      new RoundTrip(one.address(), "t", 100).createTopic(PARTITIONS.size());
      List<String> sent = new ArrayList<>();
      sent.addAll(produce(one, 0));
      assertThat(files("low")).isPositive();
      sent.addAll(produce(two, 1));
      assertThat(readAll(one)).containsExactlyInAnyOrderElementsOf(sent);

      awaitNone("low");
      assertThat(files("high")).isPositive();
      assertThat(readAll(one)).containsExactlyInAnyOrderElementsOf(sent);
      assertThat(readAll(two)).containsExactlyInAnyOrderElementsOf(sent);
      assertDoctorIsContent();

      try (Admin admin = Admin.create(Map.of("bootstrap.servers", two.address()))) {
        admin.deleteTopics(List.of("t")).all().get();
      }
      awaitNone("high");
      awaitNone("low");
    }
  }

  private List<String> produce(WeftProcess agent, int partition) {
    List<String> sent = new ArrayList<>();
    try (KafkaProducer<byte[], byte[]> producer =
        new BoundedProducer<>(
            Map.of("bootstrap.servers", agent.address()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int i = 0; i < ROUNDS; i++) {
        String value = "value %d".formatted(i);
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        var _ = producer.send(new ProducerRecord<>("t", partition, null, bytes));
        producer.flush();
        sent.add("%d@%d: %s".formatted(partition, i, value));
      }
    }
    return sent;
  }

  private List<String> readAll(WeftProcess agent) {
    List<String> read = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", agent.address()),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.assign(PARTITIONS);
      consumer.seekToBeginning(PARTITIONS);
      Deadline deadline = Deadline.usual();
      while (read.size() < ROUNDS * PARTITIONS.size()) {
        deadline.check("%s is read", read);
        for (ConsumerRecord<byte[], byte[]> each : consumer.poll(Duration.ofMillis(200))) {
          String value = new String(each.value(), StandardCharsets.UTF_8);
          read.add("%d@%d: %s".formatted(each.partition(), each.offset(), value));
        }
      }
    }
    return read;
  }

  private void assertDoctorIsContent() throws InterruptedException {
    try (ChildProcess doctor =
        WeftProcess.launch(
            folder,
            List.of(SMALL),
            List.of(
                "doctor",
                "--deep",
                "--journal",
                "file:" + folder.resolve("journal"),
                "--tiered-storage",
                tiers.toString()))) {
      int ended = doctor.awaitEnd(ChildProcess.END_MAX);
      assertThat(ended).as(doctor.output()).isZero();
    }
  }
}
