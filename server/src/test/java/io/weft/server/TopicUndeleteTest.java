package io.weft.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.server.command.WeftCommand;
import io.weft.server.process.WeftProcess;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A topic that was deleted comes back with all it had, though the control plane was killed
/// meanwhile; one that is let go frees its files.
class TopicUndeleteTest {
  private static final int RECORDS = 20;
  private static final ConfigResource CONFIG =
      new ConfigResource(ConfigResource.Type.TOPIC, "orders");

  @TempDir Path folder;

  private WeftProcess controlPlane(String listen) throws InterruptedException {
    return WeftProcess.start(
        folder.resolve("control-plane"),
        List.of("-Xmx256m"),
        List.of(
            "control-plane",
            "--listen",
            listen,
            "--journal",
            "file:" + folder.resolve("journal"),
            "--leader-lease-ms",
            "1000",
            "--file-delete-grace-ms",
            "1000"));
  }

  private WeftProcess agent(String controlPlane) throws InterruptedException {
    return WeftProcess.start(
        folder.resolve("agent"),
        List.of("-Xmx256m"),
        List.of(
            "agent",
            "--listen",
            "127.0.0.1:0",
            "--control-plane",
            controlPlane,
            "--bucket",
            "file:" + folder.resolve("records"),
            "--flush-interval-ms",
            "20"));
  }

  @Test
  @Timeout(600)
  void aDeletedTopicComesBack() throws Exception {
    try (WeftProcess first = controlPlane("127.0.0.1:0");
        WeftProcess agent = agent(first.address());
        Admin admin = Admin.create(Map.of("bootstrap.servers", agent.address()))) {
      create(admin, Map.of("retention.ms", "86400000"));
      Uuid id = described(admin, "orders").topicId();
      produce(agent, "old");
      long files = files();
      admin.deleteTopics(List.of("orders")).all().get();
      assertThatThrownBy(() -> described(admin, "orders"))
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(UnknownTopicOrPartitionException.class);
      first.process().kill();
      try (WeftProcess second = controlPlane(first.address())) {
        // The name is free.
        create(admin, Map.of());
        produce(agent, "new");
        assertThat(weft(second, "deleted")).startsWith("orders  id " + id + "  partitions 1");
        assertThat(weft(second, "undelete", "--topic", "orders"))
            .contains("There is another topic orders");
        assertThat(weft(second, "undelete", "--topic", "orders", "--new-name", "orders-back"))
            .isEqualToIgnoringNewLines("Topic orders-back is there again, with id " + id + ".");
        assertThat(read(agent, "orders-back")).isEqualTo(values("old"));
        assertThat(read(agent, "orders")).isEqualTo(values("new"));
        assertThat(described(admin, "orders-back").topicId()).isEqualTo(id);

        admin.deleteTopics(List.of("orders")).all().get();
        admin.deleteTopics(List.of("orders-back")).all().get();
        assertThat(weft(second, "undelete", "--topic-id", id.toString(), "--new-name", "orders"))
            .contains("is there again");
        assertThat(described(admin, "orders").topicId()).isEqualTo(id);
        assertThat(
                admin
                    .describeConfigs(List.of(CONFIG))
                    .all()
                    .get()
                    .get(CONFIG)
                    .get("retention.ms")
                    .value())
            .isEqualTo("86400000");
        produce(agent, "more");
        assertThat(read(agent, "orders")).containsAll(values("old")).hasSize(2 * RECORDS);

        assertThat(files()).isGreaterThanOrEqualTo(files);
        admin.deleteTopics(List.of("orders")).all().get();
        assertThat(weft(second, "let-go", "--topic-id", id.toString())).contains("gone for good");
        assertThat(weft(second, "let-go", "--topic", "orders")).contains("gone for good");
        assertThat(weft(second, "deleted"))
            .isEqualToIgnoringNewLines("There is no deleted topic that can be brought back.");
        while (files() > 0) {
          Thread.sleep(200);
        }
      }
    }
  }

  private static void create(Admin admin, Map<String, String> settings) throws Exception {
    admin.createTopics(List.of(new NewTopic("orders", 1, (short) 1).configs(settings))).all().get();
  }

  private static TopicDescription described(Admin admin, String topic) throws Exception {
    return admin.describeTopics(Set.of(topic)).allTopicNames().get().get(topic);
  }

  private static String weft(WeftProcess controlPlane, String... arguments) {
    StringWriter said = new StringWriter();
    List<String> all = new ArrayList<>(List.of("topics"));
    all.addAll(List.of(arguments));
    all.addAll(List.of("--control-plane", controlPlane.address()));
    new WeftCommand(Map.of(), new PrintWriter(said, true), new PrintWriter(said, true))
        .run(all.toArray(String[]::new));
    return said.toString();
  }

  private long files() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("records").resolve("files"))) {
      return files.filter(Files::isRegularFile).count();
    }
  }

  private static List<String> values(String word) {
    return Stream.iterate(0, i -> i + 1).limit(RECORDS).map(i -> word + i).toList();
  }

  private static void produce(WeftProcess agent, String word) throws Exception {
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", agent.address()),
            new StringSerializer(),
            new StringSerializer())) {
      for (String value : values(word)) {
        producer.send(new ProducerRecord<>("orders", value)).get();
      }
    }
  }

  private static List<String> read(WeftProcess agent, String topic) {
    TopicPartition partition = new TopicPartition(topic, 0);
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", agent.address()),
            new StringDeserializer(),
            new StringDeserializer())) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).get(partition);
      List<String> values = new ArrayList<>();
      while (consumer.position(partition) < end) {
        for (ConsumerRecord<String, String> each : consumer.poll(Duration.ofMillis(200))) {
          values.add(each.value());
        }
      }
      return values;
    }
  }
}
