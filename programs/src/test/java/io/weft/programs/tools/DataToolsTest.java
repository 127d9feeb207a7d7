package io.weft.programs.tools;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.programs.Clients;
import io.weft.programs.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Kafka's tools that write and read records, and that delete them.
@Timeout(300)
class DataToolsTest {
  private static final String TOOLS = "org.apache.kafka.tools.";

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

  @Test
  void verifiableConsumersGetWhatTheVerifiableProducerSent() throws Exception {
    clients.createTopic("verified", 2);
    assertThat(
            tools.run(TOOLS + "VerifiableProducer", "--topic", "verified", "--max-messages", "500"))
        .contains("\"acked\":500");
    for (String protocol : new String[] {"classic", "consumer"}) {
      String said =
          tools.run(
              TOOLS + "VerifiableConsumer",
              "--topic",
              "verified",
              "--group-id",
              "verified-" + protocol,
              "--group-protocol",
              protocol,
              "--max-messages",
              "500",
              "--reset-policy",
              "earliest");
      assertThat(said).contains("\"name\":\"offsets_committed\"", "\"success\":true");
      assertThat(
              clients.committed("verified-" + protocol).values().stream()
                  .mapToLong(offset -> offset)
                  .sum())
          .isEqualTo(500);
    }
    assertThat(
            tools.run(
                TOOLS + "VerifiableShareConsumer",
                "--topic",
                "verified",
                "--group-id",
                "verified-share",
                "--max-messages",
                "500",
                "--offset-reset-strategy",
                "earliest"))
        .contains("\"name\":\"offsets_acknowledged\"", "\"success\":true");
  }

  @Test
  void performanceProgramsCount() throws Exception {
    clients.createTopic("performance", 3);
    assertThat(
            tools.run(
                TOOLS + "ProducerPerformance",
                "--topic",
                "performance",
                "--num-records",
                "20000",
                "--record-size",
                "200",
                "--throughput",
                "-1",
                "--transactional-id",
                "performance",
                "--transaction-duration-ms",
                "200"))
        .contains("20000 records sent");
    assertThat(
            tools.run(
                TOOLS + "ConsumerPerformance",
                "--topic",
                "performance",
                "--num-records",
                "20000",
                "--group",
                "performance",
                "--hide-header",
                "--command-property",
                "isolation.level=read_committed"))
        .containsPattern(", 20000, ");
  }

  @Test
  void recordsAreDeleted() throws Exception {
    clients.createTopic("deleted", 1);
    tools.feed(
        IntStream.range(0, 10).mapToObj("line %d\n"::formatted).collect(Collectors.joining()),
        TOOLS + "ConsoleProducer",
        "--topic",
        "deleted");
    Path offsets =
        Files.writeString(
            folder.resolve("offsets.json"),
            """
            {"version": 1, "partitions": [{"topic": "deleted", "partition": 0, "offset": 7}]}
            """);

    assertThat(tools.run(TOOLS + "DeleteRecordsCommand", "--offset-json-file", offsets.toString()))
        .containsPattern("deleted-0\\s+low_watermark: 7");

    assertThat(tools.run(TOOLS + "GetOffsetShell", "--topic", "deleted", "--time", "earliest"))
        .contains("deleted:0:7");
    assertThat(
            tools.run(
                TOOLS + "consumer.ConsoleConsumer",
                "--topic",
                "deleted",
                "--from-beginning",
                "--max-messages",
                "3",
                "--timeout-ms",
                "30000"))
        .contains("line 7", "line 8", "line 9")
        .doesNotContain("line 6");
  }
}
