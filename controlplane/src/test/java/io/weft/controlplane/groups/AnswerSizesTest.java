package io.weft.controlplane.groups;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.groups.limit.GroupLimits;
import io.weft.simulated.SimulatedWorld;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocolCollection;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.protocol.MessageUtil;
import org.junit.jupiter.api.Test;

/// Small requests that ask for very much: each part is answered or refused, and no answer is longer
/// than it may be.
class AnswerSizesTest {
  private static final long SEED = 5;
  private static final Map<String, String> AT_ONCE =
      Map.of("group.initial.rebalance.delay.ms", "0");

  private static final int METADATA_BYTES = 4_000;
  private static final int PARTITIONS = 4;
  private static final int TIMES = 4_000;

  private static void in(Consumer<LedRig> test) {
    SimulatedWorld.run(SEED, world -> test.accept(LedRig.fresh(AT_ONCE, world.environment())));
  }

  private static void commit(LedRig rig) {
    List<OffsetCommitRequestPartition> partitions = new ArrayList<>();
    for (int i = 0; i < PARTITIONS; i++) {
      partitions.add(
          new OffsetCommitRequestPartition()
              .setPartitionIndex(i)
              .setCommittedOffset(i)
              .setCommittedMetadata("m".repeat(METADATA_BYTES)));
    }
    rig.ask(
        new OffsetCommitRequestData()
            .setGroupId("g")
            .setMemberId("")
            .setTopics(
                List.of(new OffsetCommitRequestTopic().setName("t").setPartitions(partitions))),
        9);
  }

  private static <M extends ApiMessage> M asked(
      LedRig rig, ApiMessage request, int version, Class<M> type) {
    M answer = type.cast(rig.ask(request, version).response().orElseThrow().data());
    assertThat(MessageUtil.toByteBufferAccessor(answer, (short) version).buffer().remaining())
        .isLessThanOrEqualTo(GroupLimits.RESPONSE_BYTES_MAX);
    return answer;
  }

  @Test
  void offsetsAreFetchedOnlyAsFarAsTheyFit() {
    in(
        rig -> {
          commit(rig);
          OffsetFetchRequestGroup all =
              new OffsetFetchRequestGroup().setGroupId("g").setTopics(null);
          OffsetFetchResponseData fetched =
              asked(
                  rig,
                  new OffsetFetchRequestData().setGroups(Collections.nCopies(TIMES, all)),
                  9,
                  OffsetFetchResponseData.class);
          assertThat(fetched.groups()).hasSize(TIMES);
          OffsetFetchResponseGroup first = fetched.groups().getFirst();
          assertThat(first.errorCode()).isEqualTo(Errors.NONE.code());
          assertThat(first.topics().getFirst().partitions()).hasSize(PARTITIONS);
          long answered = fetched.groups().stream().filter(each -> each.errorCode() == 0).count();
          assertThat(answered)
              .isBetween(
                  2_000L,
                  (long) GroupLimits.RESPONSE_PARTS_BYTES_MAX / METADATA_BYTES / PARTITIONS);
          assertThat(fetched.groups().getLast())
              .isEqualTo(
                  new OffsetFetchResponseGroup()
                      .setGroupId("g")
                      .setErrorCode(Errors.INVALID_REQUEST.code()));
        });
  }

  @Test
  void groupsAreDescribedOnlyAsFarAsTheyFit() {
    in(
        rig -> {
          int bytes = 100_000;
          JoinGroupRequestProtocolCollection protocols = new JoinGroupRequestProtocolCollection();
          protocols.add(
              new JoinGroupRequestProtocol().setName("range").setMetadata(new byte[bytes]));
          LedRig.Reply joining =
              rig.ask(
                  new JoinGroupRequestData()
                      .setGroupId("g")
                      .setMemberId("")
                      .setProtocolType("consumer")
                      .setProtocols(protocols)
                      .setSessionTimeoutMs(10_000)
                      .setRebalanceTimeoutMs(10_000),
                  3);
          rig.runDue();
          JoinGroupResponseData joined =
              (JoinGroupResponseData) joining.response().orElseThrow().data();
          rig.ask(
              new SyncGroupRequestData()
                  .setGroupId("g")
                  .setMemberId(joined.memberId())
                  .setGenerationId(joined.generationId()),
              3);
          int times = 100_000;
          DescribeGroupsResponseData described =
              asked(
                  rig,
                  new DescribeGroupsRequestData().setGroups(Collections.nCopies(times, "g")),
                  5,
                  DescribeGroupsResponseData.class);
          assertThat(described.groups()).hasSize(times);
          assertThat(described.groups().getFirst().errorCode()).isEqualTo(Errors.NONE.code());
          assertThat(described.groups().getLast().groupId()).isEqualTo("g");
          assertThat(described.groups().getLast().errorCode())
              .isEqualTo(Errors.INVALID_REQUEST.code());
        });
  }

  @Test
  void whatIsAskedForTwiceIsAnsweredTwice() {
    in(
        rig -> {
          commit(rig);
          DescribeGroupsResponseData described =
              asked(
                  rig,
                  new DescribeGroupsRequestData().setGroups(List.of("g", "none", "g")),
                  5,
                  DescribeGroupsResponseData.class);
          assertThat(described.groups())
              .extracting(DescribeGroupsResponseData.DescribedGroup::groupId)
              .containsExactly("g", "none", "g");
        });
  }
}
