package io.weft.programs.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.programs.Clients;
import io.weft.programs.Target;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Kafka's tools that show and change groups and transactions.
@Timeout(300)
@Order(1)
class GroupToolsTest {
  private static final String CONSOLE_CONSUMER = "org.apache.kafka.tools.consumer.ConsoleConsumer";
  private static final String CONSOLE_SHARE_CONSUMER =
      "org.apache.kafka.tools.consumer.ConsoleShareConsumer";

  @TempDir static Path folder;

  private static Target target;
  private static Clients clients;
  private static Tools tools;

  @BeforeAll
  static void start() throws InterruptedException {
    target = Target.start(folder);
    clients = target.clients();
    tools = new Tools(folder, target);
  }

  @AfterAll
  static void stop() {
    if (target != null) {
      target.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"classic", "consumer"})
  void aConsumerGroupIsShownAndReset(String protocol) throws Exception {
    String group = "tools-" + protocol;
    filledTopic(group, 2);
    consume(group, protocol, 20);

    assertThat(tools.consumerGroups("--list", "--state")).containsPattern(group + "\\s+.*Empty");
    assertThat(offsets(group)).isEqualTo(Map.of("0", "10 10 0", "1", "10 10 0"));
    try (var member = clients.consumer(Map.of("group.id", group, "group.protocol", protocol))) {
      member.subscribe(List.of(group));
      while (member.assignment().isEmpty()) {
        member.poll(Duration.ofMillis(100));
      }
      assertThat(tools.consumerGroups("--describe", "--group", group, "--state"))
          .containsPattern("Stable\\s+1");
      assertThat(tools.consumerGroups("--describe", "--group", group, "--members", "--verbose"))
          .contains("/127.0.0.1", group);
    }
    assertThat(
            tools.consumerGroups(
                "--reset-offsets",
                "--group",
                group,
                "--topic",
                group + ":0",
                "--shift-by",
                "-4",
                "--execute"))
        .containsPattern(group + "\\s+" + group + "\\s+0\\s+6");
    tools.consumerGroups("--delete-offsets", "--group", group, "--topic", group + ":1");
    assertThat(offsets(group)).isEqualTo(Map.of("0", "6 10 4"));
    consume(group, protocol, 14);
    assertThat(tools.consumerGroups("--delete", "--group", group)).contains("successful");
    assertThat(tools.consumerGroups("--list").lines()).doesNotContain(group);
  }

  @Test
  void aShareGroupIsShownResetAndDeleted() throws Exception {
    filledTopic("tools-share", 1);
    tools.configs(
        "--alter",
        "--entity-type",
        "groups",
        "--entity-name",
        "tools-share",
        "--add-config",
        "share.auto.offset.reset=earliest");
    assertThat(
            tools.configs("--describe", "--entity-type", "groups", "--entity-name", "tools-share"))
        .contains("share.auto.offset.reset=earliest");
    assertThat(shareConsume(10)).hasSize(10);

    assertThat(tools.groups("--list")).containsPattern("tools-share\\s+Share\\s+share");
    assertThat(tools.shareGroups("--list", "--state")).containsPattern("tools-share\\s+Empty");
    assertThat(tools.shareGroups("--describe", "--group", "tools-share"))
        .containsPattern("tools-share\\s+tools-share\\s+0\\s+\\d+\\s+0");
    assertThat(tools.shareGroups("--describe", "--group", "tools-share", "--members"))
        .contains("has no active members");
    assertThat(
            tools.shareGroups(
                "--reset-offsets",
                "--group",
                "tools-share",
                "--topic",
                "tools-share",
                "--to-earliest",
                "--execute"))
        .containsPattern("tools-share\\s+tools-share\\s+0\\s+0");
    assertThat(shareConsume(10)).hasSize(10);
    tools.shareGroups("--delete-offsets", "--group", "tools-share", "--topic", "tools-share");
    assertThat(tools.shareGroups("--delete", "--group", "tools-share")).contains("successful");
    assertThat(tools.shareGroups("--list").lines()).doesNotContain("tools-share");
  }

  @Test
  void thereAreNoStreamsGroups() throws Exception {
    assertThat(tools.streamsGroups("--list")).isEmpty();
    assertThatThrownBy(() -> tools.streamsGroups("--describe", "--group", "none"))
        .hasMessageContaining("not found");
  }

  @Test
  void transactionsAreShownAndEnded() throws Exception {
    clients.createTopic("tools-open", 1);
    try (KafkaProducer<String, String> producer =
        clients.producer(Map.of("transactional.id", "tools-open"))) {
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>("tools-open", 0, null, "a")).get();

      assertThat(tools.transactions("list")).containsPattern("tools-open\\s+.*Ongoing");
      assertThat(tools.transactions("describe", "--transactional-id", "tools-open"))
          .contains("Ongoing", "tools-open-0");
      assertThat(
              tools.transactions("describe-producers", "--topic", "tools-open", "--partition", "0"))
          .containsPattern("\\n\\d+\\s+0\\s+.*\\s0\\s*$");
      assertThat(tools.transactions("find-hanging", "--broker-id", brokerId()).lines())
          .hasSizeLessThanOrEqualTo(1);
      tools.transactions("forceTerminateTransaction", "--transactionalId", "tools-open");
    }
    assertThat(tools.transactions("list")).doesNotContain("Ongoing");
  }

  private static String brokerId() throws Exception {
    try (var admin = clients.admin()) {
      return admin.describeCluster().nodes().get().iterator().next().idString();
    }
  }

  private static void filledTopic(String name, int partitions) throws Exception {
    clients.createTopic(name, partitions);
    clients.send(
        name,
        partitions,
        IntStream.range(0, 10 * partitions).mapToObj("line %d"::formatted).toList());
  }

  private static void consume(String group, String protocol, int count) throws Exception {
    String read =
        tools.run(
            CONSOLE_CONSUMER,
            "--topic",
            group,
            "--group",
            group,
            "--max-messages",
            Integer.toString(count),
            "--timeout-ms",
            "30000",
            "--command-property",
            "group.protocol=" + protocol,
            "--command-property",
            "auto.offset.reset=earliest");
    assertThat(read.lines().filter(line -> line.startsWith("line "))).hasSize(count);
  }

  private static List<String> shareConsume(int count) throws Exception {
    return tools
        .run(
            CONSOLE_SHARE_CONSUMER,
            "--topic",
            "tools-share",
            "--group",
            "tools-share",
            "--max-messages",
            Integer.toString(count),
            "--timeout-ms",
            "30000")
        .lines()
        .filter(line -> line.startsWith("line "))
        .toList();
  }

  /// Current offset, end offset and lag by partition, as the tool shows them.
  private static Map<String, String> offsets(String group) throws Exception {
    return tools
        .consumerGroups("--describe", "--group", group, "--offsets")
        .lines()
        .map(line -> line.split("\\s+"))
        .filter(cells -> cells.length > 5 && cells[0].equals(group) && !cells[3].equals("-"))
        .collect(
            Collectors.toMap(
                cells -> cells[2], cells -> String.join(" ", cells[3], cells[4], cells[5])));
  }
}
