package io.weft.controlplane.groups;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.api.TopicCatalog.Topic;
import io.weft.environment.Environment;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.KeyValue;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.Subtopology;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.TopicInfo;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.Topology;
import org.apache.kafka.common.message.StreamsGroupHeartbeatResponseData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatResponseData.Status;
import org.apache.kafka.common.requests.StreamsGroupHeartbeatResponse;
import org.junit.jupiter.api.Test;

/// The topics a topology needs are held to the rules for all topics.
final class StreamsTopicsTest {
  private final LedRig rig = LedRig.fresh(Map.of(), Environment.system());

  /// @return what is said of topics that are missing; empty if none are
  private String missingAfterJoining(String setting, String value, short replicationFactor) {
    TopicInfo changelog =
        new TopicInfo()
            .setName("app-store-changelog")
            .setReplicationFactor(replicationFactor)
            .setTopicConfigs(List.of(new KeyValue().setKey(setting).setValue(value)));
    StreamsGroupHeartbeatRequestData joining =
        new StreamsGroupHeartbeatRequestData()
            .setGroupId("app")
            .setMemberId("member")
            .setMemberEpoch(0)
            .setRebalanceTimeoutMs(60_000)
            .setProcessId("process")
            .setActiveTasks(List.of())
            .setStandbyTasks(List.of())
            .setWarmupTasks(List.of())
            .setTopology(
                new Topology()
                    .setEpoch(1)
                    .setSubtopologies(
                        List.of(
                            new Subtopology()
                                .setSubtopologyId("0")
                                .setSourceTopics(List.of("t"))
                                .setStateChangelogTopics(List.of(changelog)))));
    StreamsGroupHeartbeatResponseData joined =
        (StreamsGroupHeartbeatResponseData) rig.ask(joining, 0).response().orElseThrow().data();
    assertThat(joined.errorMessage()).isNull();
    return joined.status() == null
        ? ""
        : joined.status().stream()
            .filter(
                status ->
                    status.statusCode()
                        == StreamsGroupHeartbeatResponse.Status.MISSING_INTERNAL_TOPICS.code())
            .map(Status::statusDetail)
            .findFirst()
            .orElse("");
  }

  private List<String> topics() {
    return rig.state.catalog().all().topics().stream().map(Topic::name).toList();
  }

  @Test
  void aPossibleTopicIsCreated() {
    missingAfterJoining("cleanup.policy", "compact", (short) 3);

    assertThat(topics()).containsExactly("app-store-changelog", "t");
  }

  @Test
  void anImpossibleSettingIsToldAndCreatesNothing() {
    assertThat(missingAfterJoining("cleanup.policy", "whatever", (short) 3))
        .contains("Creation failed: app-store-changelog: Invalid value whatever");
    assertThat(topics()).containsExactly("t");
  }

  @Test
  void anUnknownSettingIsToldAndCreatesNothing() {
    assertThat(missingAfterJoining("no.such.setting", "1", (short) 3))
        .contains("Creation failed: app-store-changelog: ");
    assertThat(topics()).containsExactly("t");
  }

  @Test
  void aSettingTooLongIsToldAndCreatesNothing() {
    assertThat(missingAfterJoining("cleanup.policy", "v".repeat(5_000), (short) 3))
        .contains("Creation failed: app-store-changelog: a topic's setting has 5014 characters");
    assertThat(topics()).containsExactly("t");
  }
}
