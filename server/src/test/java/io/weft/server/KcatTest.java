package io.weft.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.weft.server.clients.BoundedProducer;
import io.weft.server.process.ChildProcess;
import io.weft.server.process.WeftProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A client that is not Java: kcat, on librdkafka. Skipped where it isn't installed.
class KcatTest {
  private static final Duration TIMEOUT = Duration.ofMinutes(3);
  private static final int LINES = 3_000;

  @TempDir static Path folder;

  private static WeftProcess weft;

  @BeforeAll
  static void start() throws InterruptedException {
    assumeTrue(isInstalled(), "kcat is not installed");
    weft = WeftProcess.dev(folder);
  }

  @AfterAll
  static void stop() {
    if (weft != null) {
      weft.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
  void readsWhatItWrote(String codec) throws Exception {
    String topic = "kcat-" + codec;
    createTopic(topic);
    String lines =
        IntStream.range(0, LINES)
            .mapToObj("some text that compresses well, number %d\n"::formatted)
            .collect(Collectors.joining());

    kcat(lines, "-P", "-t", topic, "-p", "0", "-z", codec);

    assertThat(kcat("", "-C", "-t", topic, "-p", "0", "-o", "beginning", "-e", "-q") + "\n")
        .isEqualTo(lines);
    assertThat(kcat("", "-C", "-t", topic, "-p", "0", "-o", "-2", "-e", "-q").lines()).hasSize(2);
  }

  @Test
  void writesWithIdempotence() throws Exception {
    createTopic("kcat-idempotent");

    kcat("a\nb\nc\n", "-P", "-t", "kcat-idempotent", "-X", "enable.idempotence=true");

    assertThat(kcat("", "-C", "-t", "kcat-idempotent", "-o", "beginning", "-e", "-q"))
        .isEqualTo("a\nb\nc");
  }

  @Test
  void listsTheCluster() throws Exception {
    createTopic("kcat-listed");

    assertThat(kcat("", "-L"))
        .contains("1 brokers", weft.address(), "topic \"kcat-listed\" with 1 partitions");
  }

  @Test
  void findsOffsetsByTimestamp() throws Exception {
    createTopic("kcat-times");
    try (BoundedProducer<byte[], byte[]> producer =
        new BoundedProducer<>(
            Map.of("bootstrap.servers", weft.address()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (long timestamp = 1_000; timestamp <= 5_000; timestamp += 1_000) {
        producer.send(new ProducerRecord<>("kcat-times", 0, timestamp, null, new byte[10])).get();
      }
    }

    assertThat(kcat("", "-Q", "-t", "kcat-times:0:3000")).contains("kcat-times [0] offset 2");
    assertThat(kcat("", "-Q", "-t", "kcat-times:0:3001")).contains("kcat-times [0] offset 3");
    assertThat(kcat("", "-Q", "-t", "kcat-times:0:-2")).contains("kcat-times [0] offset 0");
    assertThat(kcat("", "-Q", "-t", "kcat-times:0:-1")).contains("kcat-times [0] offset 5");
    assertThat(kcat("", "-C", "-t", "kcat-times", "-o", "s@4000", "-e", "-q", "-f", "%o %T\n"))
        .isEqualTo("3 4000\n4 5000");
  }

  private static boolean isInstalled() {
    return List.of(System.getenv().getOrDefault("PATH", "").split(":")).stream()
        .anyMatch(place -> Files.isExecutable(Path.of(place, "kcat")));
  }

  /// Keeps its records for ever: some are dated 1970.
  private static void createTopic(String name) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", weft.address()))) {
      NewTopic topic = new NewTopic(name, Optional.of(1), Optional.empty());
      topic.configs(Map.of("retention.ms", "-1"));
      admin.createTopics(List.of(topic)).all().get();
    }
  }

  private static String kcat(String input, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("kcat", "-b", weft.address()));
    command.addAll(List.of(arguments));
    try (ChildProcess kcat = ChildProcess.start(folder, command)) {
      int code = kcat.feed(input).awaitEnd(TIMEOUT);
      assertThat(code).as("%s: %s", command, kcat.output()).isZero();
      return kcat.output();
    }
  }
}
