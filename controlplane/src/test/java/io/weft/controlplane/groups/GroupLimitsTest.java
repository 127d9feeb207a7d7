package io.weft.controlplane.groups;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.simulated.SimulatedWorld;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocolCollection;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopicCollection;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;

/// What is too much is refused for itself alone, and leaves nothing behind.
final class GroupLimitsTest {
  private static final int STRING_MAX = 32_767;
  private static final Map<String, String> TIGHT =
      Map.of(
          "groups.max", "2",
          "group.offsets.max", "3",
          "group.max.size", "1",
          "group.consumer.max.size", "1",
          "group.initial.rebalance.delay.ms", "0");

  private static void in(Map<String, String> settings, Consumer<LedRig> scenario) {
    SimulatedWorld.run(1, world -> scenario.accept(LedRig.fresh(settings, world.environment())));
  }

  private static Errors commit(LedRig rig, String group, int partition) {
    OffsetCommitResponseData said =
        (OffsetCommitResponseData)
            rig.ask(GroupAsks.commitOf(group, "", -1, "t", partition, 7), 9)
                .response()
                .orElseThrow()
                .data();
    return Errors.forCode(said.topics().getFirst().partitions().getFirst().errorCode());
  }

  private static ConsumerGroupHeartbeatResponseData beat(LedRig rig, String group, String member) {
    return (ConsumerGroupHeartbeatResponseData)
        rig.ask(
                new ConsumerGroupHeartbeatRequestData()
                    .setGroupId(group)
                    .setMemberId(member)
                    .setMemberEpoch(0)
                    .setRebalanceTimeoutMs(60_000)
                    .setSubscribedTopicNames(List.of("t"))
                    .setTopicPartitions(List.of()),
                1)
            .response()
            .orElseThrow()
            .data();
  }

  private static JoinGroupRequestData joining(String group, String instance) {
    JoinGroupRequestProtocolCollection protocols = new JoinGroupRequestProtocolCollection();
    protocols.add(new JoinGroupRequestProtocol().setName("range").setMetadata(new byte[3]));
    return new JoinGroupRequestData()
        .setGroupId(group)
        .setGroupInstanceId(instance)
        .setProtocolType("consumer")
        .setProtocols(protocols)
        .setSessionTimeoutMs(10_000)
        .setRebalanceTimeoutMs(10_000);
  }

  private static JoinGroupResponseData joined(LedRig rig, JoinGroupRequestData request) {
    LedRig.Reply reply = rig.ask(request, 9);
    if (reply.response().isEmpty()) {
      rig.runDue();
    }
    return (JoinGroupResponseData) reply.response().orElseThrow().data();
  }

  @Test
  void aGroupHasNoMoreOffsetsThanItMay() {
    in(
        TIGHT,
        rig -> {
          for (int partition = 0; partition < 3; partition++) {
            assertThat(commit(rig, "g", partition)).isEqualTo(Errors.NONE);
          }
          assertThat(commit(rig, "g", 3)).isEqualTo(Errors.POLICY_VIOLATION);
          assertThat(commit(rig, "g", 2)).isEqualTo(Errors.NONE);
          OffsetDeleteRequestTopicCollection topics = new OffsetDeleteRequestTopicCollection();
          topics.add(
              new OffsetDeleteRequestTopic()
                  .setName("t")
                  .setPartitions(List.of(new OffsetDeleteRequestPartition().setPartitionIndex(0))));
          rig.ask(new OffsetDeleteRequestData().setGroupId("g").setTopics(topics), 0);
          assertThat(commit(rig, "g", 3)).isEqualTo(Errors.NONE);
          assertThat(rig.reloaded(TIGHT).state.groups().counts().offsets("g")).isEqualTo(3);
        });
  }

  @Test
  void thereAreNoMoreGroupsThanThereMay() {
    in(
        TIGHT,
        rig -> {
          assertThat(commit(rig, "g1", 0)).isEqualTo(Errors.NONE);
          assertThat(beat(rig, "g2", "m").errorCode()).isZero();
          assertThat(commit(rig, "g3", 0)).isEqualTo(Errors.POLICY_VIOLATION);
          ConsumerGroupHeartbeatResponseData refused = beat(rig, "g3", "m");
          assertThat(refused.errorCode()).isEqualTo(Errors.POLICY_VIOLATION.code());
          assertThat(refused.errorMessage()).contains("2 groups already");
          assertThat(joined(rig, joining("g3", "instance")).errorCode())
              .isEqualTo(Errors.POLICY_VIOLATION.code());
          assertThat(commit(rig, "g1", 1)).isEqualTo(Errors.NONE);
          assertThat(rig.state.groups().counts().groups()).isEqualTo(2);
        });
  }

  @Test
  void aGroupHasNoMoreMembersThanItMay() {
    in(
        TIGHT,
        rig -> {
          assertThat(beat(rig, "g", "m1").errorCode()).isZero();
          assertThat(Errors.forCode(beat(rig, "g", "m2").errorCode()))
              .isEqualTo(Errors.GROUP_MAX_SIZE_REACHED);
          assertThat(joined(rig, joining("c", "i1")).errorCode()).isZero();
          assertThat(Errors.forCode(joined(rig, joining("c", "i2")).errorCode()))
              .isEqualTo(Errors.GROUP_MAX_SIZE_REACHED);
        });
  }

  /// As the next leader would not know of it either.
  @Test
  void anOffsetThatIsRefusedMakesNoGroup() {
    in(
        Map.of("offset.metadata.max.bytes", "1"),
        rig -> {
          OffsetCommitRequestData request = GroupAsks.commitOf("g", "", -1, "t", 0, 7);
          request.topics().getFirst().partitions().getFirst().setCommittedMetadata("too much");
          rig.ask(request, 9);
          ListGroupsResponseData listed =
              (ListGroupsResponseData)
                  rig.ask(new ListGroupsRequestData(), 5).response().orElseThrow().data();
          assertThat(listed.groups()).isEmpty();
        });
  }

  @Test
  void membersAreLimitedUnlessSomebodySaysOtherwise() {
    assertThat(ShardSettings.of(Map.of()).coordinator().classicGroupMaxSize()).isEqualTo(10_000);
    assertThat(ShardSettings.of(Map.of()).coordinator().consumerGroupMaxSize()).isEqualTo(10_000);
  }

  /// Of it a member's id would be made that fits into no record.
  @Test
  void anInstanceIdIsNoLongerThanItMay() {
    in(
        Map.of("group.initial.rebalance.delay.ms", "0"),
        rig -> {
          assertThat(joined(rig, joining("g", "i".repeat(STRING_MAX))).errorCode())
              .isEqualTo(Errors.INVALID_REQUEST.code());
          assertThat(joined(rig, joining("g", "i")).errorCode()).isZero();
        });
  }

  @Test
  void anAssignmentThatFitsIntoNoRecordIsTheirOwnTrouble() {
    in(
        Map.of("group.initial.rebalance.delay.ms", "0"),
        rig -> {
          JoinGroupResponseData member = joined(rig, joining("g", "i"));
          assertThat(member.errorCode()).isZero();
          assertThat(synced(rig, member, 33 << 20)).isEqualTo(Errors.INVALID_REQUEST.code());
          JoinGroupResponseData again = joined(rig, joining("g", "i"));
          assertThat(again.errorCode()).isZero();
          assertThat(synced(rig, again, 100)).isZero();
        });
  }

  private static short synced(LedRig rig, JoinGroupResponseData member, int bytes) {
    SyncGroupRequestData request =
        new SyncGroupRequestData()
            .setGroupId("g")
            .setMemberId(member.memberId())
            .setGroupInstanceId("i")
            .setGenerationId(member.generationId())
            .setProtocolType("consumer")
            .setProtocolName("range")
            .setAssignments(
                List.of(
                    new SyncGroupRequestAssignment()
                        .setMemberId(member.memberId())
                        .setAssignment(new byte[bytes])));
    SyncGroupResponseData said =
        (SyncGroupResponseData) rig.ask(request, 5).response().orElseThrow().data();
    return said.errorCode();
  }

  /// Three bytes of an answer for each byte of the question: not even a refusal fits.
  @Test
  void whatCannotBeSaidBackIsRejected() {
    in(
        Map.of(),
        rig -> {
          byte[] body = new byte[4 + 2 + STRING_MAX];
          Arrays.fill(body, (byte) 0xFF);
          body[0] = 0;
          body[1] = 0;
          body[2] = 0;
          body[3] = 1;
          body[4] = 0x7F;
          assertThat(rig.ask(ApiKeys.DESCRIBE_GROUPS.id, 0, body, "c").isRefused()).isTrue();
          assertThat(rig.ask(ApiKeys.DELETE_GROUPS.id, 0, body, "c").isRefused()).isTrue();
          assertThat(commit(rig, "g", 0)).isEqualTo(Errors.NONE);
        });
  }

  @Test
  void aRegexThatIsTooBigIsNotCompiled() {
    in(
        Map.of(),
        rig -> {
          List<Errors> said = new ArrayList<>();
          for (String regex : List.of("(((a{1000}){1000}){1000})", "(".repeat(30_000), "t.*")) {
            ConsumerGroupHeartbeatResponseData beaten =
                (ConsumerGroupHeartbeatResponseData)
                    rig.ask(
                            new ConsumerGroupHeartbeatRequestData()
                                .setGroupId("g")
                                .setMemberId("m")
                                .setMemberEpoch(0)
                                .setRebalanceTimeoutMs(60_000)
                                .setSubscribedTopicRegex(regex)
                                .setTopicPartitions(List.of()),
                            1)
                        .response()
                        .orElseThrow()
                        .data();
            said.add(Errors.forCode(beaten.errorCode()));
          }
          assertThat(said)
              .containsExactly(
                  Errors.INVALID_REGULAR_EXPRESSION,
                  Errors.INVALID_REGULAR_EXPRESSION,
                  Errors.NONE);
        });
  }
}
