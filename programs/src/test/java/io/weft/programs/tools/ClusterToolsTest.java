package io.weft.programs.tools;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.programs.Clients;
import io.weft.programs.Target;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Kafka's tools for the cluster as a whole, beyond those of `KafkaToolsTest`.
@Timeout(300)
class ClusterToolsTest {
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
  void clientMetricsAreSubscribedTo() throws Exception {
    tools.clientMetrics(
        "--alter",
        "--name",
        "some",
        "--metrics",
        "org.apache.kafka.producer.",
        "--interval",
        "30000",
        "--match",
        "client_software_name=apache-kafka-java");

    assertThat(tools.clientMetrics("--list").lines()).contains("some");
    assertThat(tools.clientMetrics("--describe", "--name", "some"))
        .contains("interval.ms=30000", "metrics=org.apache.kafka.producer.");
    tools.clientMetrics("--delete", "--name", "some");
    assertThat(tools.clientMetrics("--list").lines()).doesNotContain("some");
  }

  @Test
  void quotasAndUsersAreKept() throws Exception {
    tools.configs(
        "--alter",
        "--entity-type",
        "clients",
        "--entity-name",
        "some",
        "--add-config",
        "producer_byte_rate=1000000");
    assertThat(tools.configs("--describe", "--entity-type", "clients", "--entity-name", "some"))
        .contains("producer_byte_rate=1000000");
    tools.configs(
        "--alter",
        "--entity-type",
        "users",
        "--entity-name",
        "alice",
        "--add-config",
        "SCRAM-SHA-512=[iterations=8192,password=secret]");
    assertThat(tools.configs("--describe", "--entity-type", "users", "--entity-name", "alice"))
        .contains("SCRAM-SHA-512=iterations=8192");
  }

  @Test
  void preferredLeadersAreElected() throws Exception {
    clients.createTopic("elected", 1);

    assertThat(
            tools.run(
                TOOLS + "LeaderElectionCommand",
                "--election-type",
                "preferred",
                "--topic",
                "elected",
                "--partition",
                "0"))
        .contains("Valid replica already elected");
  }

  @Test
  void theClusterDescribesItself() throws Exception {
    assertThat(tools.run(TOOLS + "FeatureCommand", "describe"))
        .containsPattern("group.version.*FinalizedVersionLevel: 1")
        .containsPattern("transaction.version.*FinalizedVersionLevel: 2")
        .containsPattern("share.version.*FinalizedVersionLevel: 1")
        .containsPattern("streams.version.*FinalizedVersionLevel: 1");
    assertThat(tools.run(TOOLS + "MetadataQuorumCommand", "describe", "--status"))
        .contains("LeaderId:");
    assertThat(tools.run(TOOLS + "BrokerApiVersionsCommand"))
        .contains(
            "TxnOffsetCommit(28): ",
            "ConsumerGroupHeartbeat(68): ",
            "ShareFetch(78): ",
            "StreamsGroupHeartbeat(88): ")
        .doesNotContain("ERROR");
  }
}
