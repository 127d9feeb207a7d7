package io.weft.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.server.process.KafkaPeer;
import io.weft.server.process.WeftProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Kafka's own command-line tools against `weft dev`, each as a process of its own.
@Order(1)
class KafkaToolsTest {
  private static final String TOPICS = "org.apache.kafka.tools.TopicCommand";
  private static final String CONFIGS = "kafka.admin.ConfigCommand";
  private static final String PRODUCER_PERFORMANCE = "org.apache.kafka.tools.ProducerPerformance";
  private static final String OFFSETS = "org.apache.kafka.tools.GetOffsetShell";
  private static final String CONSOLE_PRODUCER = "org.apache.kafka.tools.ConsoleProducer";
  private static final String CONSOLE_CONSUMER = "org.apache.kafka.tools.consumer.ConsoleConsumer";
  private static final String VERIFIABLE_PRODUCER = "org.apache.kafka.tools.VerifiableProducer";
  private static final String LOG_DIRS = "org.apache.kafka.tools.LogDirsCommand";
  private static final String FEATURES = "org.apache.kafka.tools.FeatureCommand";
  private static final String QUORUM = "org.apache.kafka.tools.MetadataQuorumCommand";
  private static final String VERSIONS = "org.apache.kafka.tools.BrokerApiVersionsCommand";

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

  @Test
  void topicsAreCreatedDescribedGrownAndDeleted() throws Exception {
    topics("--create", "--topic", "t", "--partitions", "2", "--replication-factor", "3");

    assertThat(topics("--describe", "--topic", "t"))
        .contains("PartitionCount: 2", "ReplicationFactor: 3", "Partition: 1");
    assertThat(topics("--describe", "--under-replicated-partitions")).isEmpty();
    assertThat(topics("--describe", "--unavailable-partitions")).isEmpty();
    topics("--alter", "--topic", "t", "--partitions", "5");
    assertThat(topics("--describe", "--topic", "t")).contains("PartitionCount: 5");
    assertThat(topics("--list").lines()).contains("t");
    topics("--delete", "--topic", "t");
    assertThat(topics("--list").lines()).doesNotContain("t");
  }

  @Test
  void settingsOfATopicAreAlteredAndDescribed() throws Exception {
    topics("--create", "--topic", "set", "--config", "retention.ms=60000");

    configs("--alter", "--topic", "set", "--add-config", "max.message.bytes=2000000");

    assertThat(configs("--describe", "--topic", "set"))
        .contains("retention.ms=60000", "max.message.bytes=2000000");
    configs("--alter", "--topic", "set", "--delete-config", "retention.ms");
    assertThat(configs("--describe", "--topic", "set"))
        .doesNotContain("retention.ms=60000")
        .contains("max.message.bytes=2000000");
    assertThat(configs("--describe", "--topic", "set", "--all")).contains("retention.ms=604800000");
  }

  @Test
  void settingsOfTheNodesAreDescribed() throws Exception {
    assertThat(configs("--describe", "--all", "--entity-type", "brokers"))
        .contains("auto.create.topics.enable=true");
  }

  @Test
  void settingsOfGroupsAndClientMetricsAreAlteredAndDescribed() throws Exception {
    String[] group = {"--entity-type", "groups", "--entity-name", "g"};
    configs(group, "--alter", "--add-config", "consumer.session.timeout.ms=50000");
    assertThat(configs(group, "--describe")).contains("consumer.session.timeout.ms=50000");
    String[] metrics = {"--entity-type", "client-metrics", "--entity-name", "m"};
    configs(metrics, "--alter", "--add-config", "interval.ms=5000,metrics=org.apache.kafka.");
    assertThat(configs(metrics, "--describe")).contains("interval.ms=5000");
    assertThat(configs("--entity-type", "client-metrics", "--describe"))
        .contains("client-metric m");
  }

  @Test
  void quotasAndCredentialsAreAlteredAndDescribed() throws Exception {
    String[] user = {"--entity-type", "users", "--entity-name", "alice"};
    configs(user, "--alter", "--add-config", "producer_byte_rate=1024");
    configs(user, "--alter", "--add-config", "SCRAM-SHA-256=[iterations=8192,password=secret]");
    assertThat(configs(user, "--describe"))
        .contains("producer_byte_rate=1024", "SCRAM-SHA-256=iterations=8192")
        .doesNotContain("secret");
    String[] anyClient = {"--entity-type", "clients", "--entity-default"};
    configs(anyClient, "--alter", "--add-config", "consumer_byte_rate=2048");
    assertThat(configs(anyClient, "--describe")).contains("consumer_byte_rate=2048");
    configs(anyClient, "--alter", "--delete-config", "consumer_byte_rate");
    assertThat(configs(anyClient, "--describe")).doesNotContain("2048");
  }

  @Test
  void theQuorumIsShown() throws Exception {
    assertThat(run(QUORUM, List.of("--bootstrap-server", weft.address(), "describe", "--status")))
        .contains("LeaderId:", "HighWatermark:", "CurrentVoters:");
  }

  @Test
  void performanceProducerEndsAndItsOffsetsAreFound() throws Exception {
    topics("--create", "--topic", "perf", "--partitions", "3");

    assertThat(
            run(
                PRODUCER_PERFORMANCE,
                List.of(
                    "--topic",
                    "perf",
                    "--num-records",
                    "30000",
                    "--record-size",
                    "200",
                    "--throughput",
                    "-1",
                    "--bootstrap-server",
                    weft.address())))
        .contains("30000 records sent");
    assertThat(sumOfOffsets("perf", "latest")).isEqualTo(30_000);
    assertThat(sumOfOffsets("perf", "earliest")).isZero();
  }

  @Test
  void consoleConsumerReadsFromAnOffsetWhatConsoleProducerWrote() throws Exception {
    topics("--create", "--topic", "lines");
    String lines =
        IntStream.range(0, 50).mapToObj("line %d\n"::formatted).collect(Collectors.joining());

    run(CONSOLE_PRODUCER, List.of("--topic", "lines", "--bootstrap-server", weft.address()), lines);

    String read =
        run(
            CONSOLE_CONSUMER,
            List.of(
                "--topic",
                "lines",
                "--partition",
                "0",
                "--offset",
                "10",
                "--max-messages",
                "40",
                "--timeout-ms",
                "20000",
                "--bootstrap-server",
                weft.address()));
    assertThat(read.lines().filter(line -> line.startsWith("line")))
        .containsExactlyElementsOf(IntStream.range(10, 50).mapToObj("line %d"::formatted).toList());
  }

  @Test
  void verifiableProducerHasEverythingAcknowledged() throws Exception {
    assertThat(
            run(
                VERIFIABLE_PRODUCER,
                List.of(
                    "--topic",
                    "verified",
                    "--max-messages",
                    "500",
                    "--bootstrap-server",
                    weft.address())))
        .contains("\"acked\":500", "\"sent\":500");
    assertThat(sumOfOffsets("verified", "latest")).isEqualTo(500);
  }

  @Test
  void logDirsAreDescribed() throws Exception {
    topics("--create", "--topic", "dirs");

    assertThat(
            run(
                LOG_DIRS,
                List.of(
                    "--describe", "--topic-list", "dirs", "--bootstrap-server", weft.address())))
        .contains("\"partition\":\"dirs-0\"", "\"error\":null");
  }

  @Test
  void featuresAndVersionsAreShown() throws Exception {
    assertThat(run(FEATURES, List.of("--bootstrap-server", weft.address(), "describe")))
        .contains("metadata.version");
    assertThat(run(VERSIONS, List.of("--bootstrap-server", weft.address())))
        .contains("Produce(0): 0 to 13 [usable: 13]", "Fetch(1): ")
        .doesNotContain("ERROR");
  }

  private static long sumOfOffsets(String topic, String time) throws Exception {
    return run(
            OFFSETS,
            List.of("--topic", topic, "--time", time, "--bootstrap-server", weft.address()))
        .lines()
        .filter(line -> line.startsWith(topic + ":"))
        .mapToLong(line -> Long.parseLong(line.substring(line.lastIndexOf(':') + 1)))
        .sum();
  }

  private static String topics(String... arguments) throws Exception {
    return administer(TOPICS, arguments);
  }

  private static String configs(String... arguments) throws Exception {
    return administer(CONFIGS, arguments);
  }

  private static String configs(String[] entity, String... arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of(entity));
    all.addAll(List.of(arguments));
    return administer(CONFIGS, all.toArray(String[]::new));
  }

  private static String administer(String tool, String... arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of("--bootstrap-server", weft.address()));
    all.addAll(List.of(arguments));
    return run(tool, all).strip();
  }

  private static String run(String tool, List<String> arguments) throws Exception {
    return run(tool, arguments, "");
  }

  private static String run(String tool, List<String> arguments, String input) throws Exception {
    return KafkaPeer.run(folder, tool, arguments, input);
  }
}
