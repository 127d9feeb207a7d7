package io.weft.programs.connect;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.programs.Clients;
import io.weft.programs.Eventually;
import io.weft.programs.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Kafka Connect in distributed mode: lines of a file go to a topic, exactly once, and from there
/// to another file, through kills and starts of the worker.
@Order(1)
class KafkaConnectTest {
  private static final Duration WAIT_MAX = Duration.ofMinutes(2);
  private static final String TOPIC = "connect-lines";
  private static final int LINES = 2_000;

  @TempDir static Path folder;

  private static Target target;
  private static Clients clients;

  private final Path source = folder.resolve("source.txt");
  private final Path sink = folder.resolve("sink.txt");

  @BeforeAll
  static void start() throws InterruptedException {
    target = Target.start(folder);
    clients = target.clients();
  }

  @AfterAll
  static void stop() {
    if (target != null) {
      target.close();
    }
  }

  @Test
  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  void copiesAFileThroughKills() throws Exception {
    clients.createTopic(TOPIC, 1);
    append(0, LINES);
    try (ConnectWorker first = ConnectWorker.start(folder, target.address())) {
      first.configure("source", sourceSettings());
      first.configure("sink", sinkSettings());
      awaitRunning(first);
      awaitCopied(LINES, first);
      awaitCommitted();
      first.kill();
    }
    // Killed while nothing was under way: no line is lost, none is written twice.
    append(LINES, 2 * LINES);
    try (ConnectWorker second = ConnectWorker.start(folder, target.address())) {
      awaitRunning(second);
      awaitCopied(2 * LINES, second);
      assertThat(sink).hasSameTextualContentAs(source);
      second.stop();
    }
    killInTheMiddle();
    try (ConnectWorker last = ConnectWorker.start(folder, target.address())) {
      awaitRunning(last);
      awaitCopied(4 * LINES, last);
      last.stop();
    }

    // The source works exactly once; a sink of files may write again what it had not committed.
    List<String> lines = Files.readAllLines(source);
    assertThat(linesOfTopic()).isEqualTo(lines);
    assertThat(new LinkedHashSet<>(Files.readAllLines(sink))).containsExactlyElementsOf(lines);
    assertInternalTopicsAreCompacted();
  }

  private void killInTheMiddle() throws Exception {
    try (ConnectWorker third = ConnectWorker.start(folder, target.address())) {
      awaitRunning(third);
      long before = Files.size(sink);
      append(2 * LINES, 3 * LINES);
      Eventually.await("more in the sink", WAIT_MAX, () -> Files.size(sink) > before);
      append(3 * LINES, 4 * LINES);
      third.kill();
    }
  }

  private void append(int from, int to) throws IOException {
    List<String> lines = IntStream.range(from, to).mapToObj("line number %d"::formatted).toList();
    Files.write(source, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private static void awaitRunning(ConnectWorker worker) throws Exception {
    try {
      Eventually.await("source runs", WAIT_MAX, () -> worker.isRunning("source"));
      Eventually.await("sink runs", WAIT_MAX, () -> worker.isRunning("sink"));
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + "\n" + worker.output(), e);
    }
  }

  private void awaitCopied(int lines, ConnectWorker worker) throws Exception {
    String last = "line number " + (lines - 1);
    try {
      Eventually.await(
          last, WAIT_MAX, () -> Files.exists(sink) && Files.readAllLines(sink).contains(last));
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + "\n" + worker.output(), e);
    }
  }

  /// Until the sink's consumer group has committed all it wrote.
  private static void awaitCommitted() throws Exception {
    TopicPartition partition = new TopicPartition(TOPIC, 0);
    long end;
    try (var consumer = clients.consumer(Map.of("isolation.level", "read_committed"))) {
      end = consumer.endOffsets(List.of(partition)).get(partition);
    }
    Eventually.await(
        "the sink commits " + end,
        WAIT_MAX,
        () -> clients.committed("connect-sink").getOrDefault(partition, 0L) >= end - 1);
  }

  private static List<String> linesOfTopic() {
    TopicPartition partition = new TopicPartition(TOPIC, 0);
    List<String> lines = new ArrayList<>();
    try (var consumer = clients.consumer(Map.of("isolation.level", "read_committed"))) {
      consumer.assign(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).get(partition);
      while (consumer.position(partition) < end) {
        for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
          lines.add(record.value());
        }
      }
    }
    return lines;
  }

  private static void assertInternalTopicsAreCompacted() throws Exception {
    try (Admin admin = clients.admin()) {
      for (String name : List.of("connect-configs", "connect-offsets", "connect-status")) {
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, name);
        var config = admin.describeConfigs(List.of(topic)).all().get().get(topic);
        assertThat(config.get("cleanup.policy").value()).as(name).isEqualTo("compact");
      }
    }
  }

  private String sourceSettings() {
    return """
    {"connector.class": "org.apache.kafka.connect.file.FileStreamSourceConnector",
     "tasks.max": "1", "file": "%s", "topic": "%s", "batch.size": "100"}
    """
        .formatted(source, TOPIC);
  }

  private String sinkSettings() {
    return """
    {"connector.class": "org.apache.kafka.connect.file.FileStreamSinkConnector",
     "tasks.max": "1", "file": "%s", "topics": "%s",
     "consumer.override.isolation.level": "read_committed"}
    """
        .formatted(sink, TOPIC);
  }
}
