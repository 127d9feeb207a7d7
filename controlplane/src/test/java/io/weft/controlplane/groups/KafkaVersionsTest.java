package io.weft.controlplane.groups;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.coordinator.group.generated.CoordinatorRecordType;
import org.junit.jupiter.api.Test;

/// What Kafka's library writes into the journal and sends between agents and the leader: levels say
/// nothing of it.
class KafkaVersionsTest {
  private static final String WHAT_TO_DO =
      """
      Kafka's library has other versions than the one before. A control plane of the release before
      may not read the group records that the new one writes, or may refuse what the new agents
      send. docs/upgrades.md ("Another version of Kafka's library") says what to do before
      kafka-versions.txt is brought up to date.\
      """;

  @Test
  void recordsAndRequestsOfGroupsHaveTheVersionsOfTheReleaseBefore() throws IOException {
    List<String> versions = new ArrayList<>();
    for (CoordinatorRecordType type : CoordinatorRecordType.values()) {
      versions.add(
          "record %d %s %d-%d"
              .formatted(
                  type.id(), type, type.lowestSupportedVersion(), type.highestSupportedVersion()));
    }
    for (ApiKeys api : ApiKeys.brokerApis()) {
      versions.add(
          "request %d %s %d-%d"
              .formatted(api.id, api, api.oldestVersion(), api.latestVersion(true)));
    }

    assertThat(versions).as(WHAT_TO_DO).containsExactlyElementsOf(pinned());
  }

  private static List<String> pinned() throws IOException {
    try (InputStream in = KafkaVersionsTest.class.getResourceAsStream("/kafka-versions.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }
}
