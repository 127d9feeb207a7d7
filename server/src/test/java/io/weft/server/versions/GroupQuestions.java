package io.weft.server.versions;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ConsumerGroupDescribeRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.ShareGroupDescribeRequestData;
import org.apache.kafka.common.message.ShareGroupHeartbeatRequestData;
import org.apache.kafka.common.message.StreamsGroupDescribeRequestData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.Subtopology;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.Topology;
import org.apache.kafka.common.message.StreamsGroupTopologyDescriptionUpdateRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestPartition;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic;
import org.apache.kafka.common.protocol.ApiKeys;

/// Questions to the APIs of groups.
///
/// @param topic there
record GroupQuestions(String topic, Uuid topicId) {
  private static final String STRANGER = "stranger";
  private static final int JOINING = 0;

  Map<ApiKeys, VersionedRequest.Questions> all() {
    Map<ApiKeys, VersionedRequest.Questions> all = new EnumMap<>(ApiKeys.class);
    all.put(ApiKeys.OFFSET_COMMIT, this::commits);
    all.put(ApiKeys.TXN_OFFSET_COMMIT, this::transactionalCommits);
    all.put(ApiKeys.OFFSET_FETCH, this::fetches);
    all.put(ApiKeys.OFFSET_DELETE, this::offsetDeletions);
    all.put(ApiKeys.JOIN_GROUP, GroupQuestions::joins);
    all.put(ApiKeys.SYNC_GROUP, GroupQuestions::syncs);
    all.put(ApiKeys.HEARTBEAT, GroupQuestions::heartbeats);
    all.put(ApiKeys.LEAVE_GROUP, GroupQuestions::leaves);
    all.put(ApiKeys.LIST_GROUPS, _ -> List.of(VersionedRequest.good(new ListGroupsRequestData())));
    all.put(ApiKeys.DELETE_GROUPS, GroupQuestions::deletions);
    all.put(ApiKeys.DESCRIBE_GROUPS, GroupQuestions::descriptions);
    all.put(ApiKeys.CONSUMER_GROUP_HEARTBEAT, this::consumerHeartbeats);
    all.put(ApiKeys.CONSUMER_GROUP_DESCRIBE, GroupQuestions::consumerDescriptions);
    all.put(ApiKeys.SHARE_GROUP_HEARTBEAT, this::shareHeartbeats);
    all.put(ApiKeys.SHARE_GROUP_DESCRIBE, GroupQuestions::shareDescriptions);
    all.put(ApiKeys.STREAMS_GROUP_HEARTBEAT, this::streamsHeartbeats);
    all.put(ApiKeys.STREAMS_GROUP_DESCRIBE, GroupQuestions::streamsDescriptions);
    all.put(
        ApiKeys.STREAMS_GROUP_TOPOLOGY_DESCRIPTION_UPDATE,
        _ ->
            List.of(
                VersionedRequest.wrong(new StreamsGroupTopologyDescriptionUpdateRequestData())));
    return all;
  }

  private List<VersionedRequest> commits(short version) {
    return List.of(
        VersionedRequest.good(commit(version, topic, topicId)),
        VersionedRequest.wrong(commit(version, "nowhere", new Uuid(7, 7))));
  }

  private static OffsetCommitRequestData commit(short version, String name, Uuid id) {
    OffsetCommitRequestTopic asked =
        new OffsetCommitRequestTopic()
            .setPartitions(
                List.of(
                    new OffsetCommitRequestPartition()
                        .setPartitionIndex(0)
                        .setCommittedOffset(3)
                        .setCommittedMetadata("")));
    return new OffsetCommitRequestData()
        .setGroupId("commits-" + version)
        .setTopics(List.of(version >= 10 ? asked.setTopicId(id) : asked.setName(name)));
  }

  /// Of a transaction that there is not.
  private List<VersionedRequest> transactionalCommits(short version) {
    TxnOffsetCommitRequestTopic asked =
        new TxnOffsetCommitRequestTopic()
            .setPartitions(
                List.of(
                    new TxnOffsetCommitRequestPartition()
                        .setPartitionIndex(0)
                        .setCommittedOffset(3)
                        .setCommittedMetadata("")));
    return List.of(
        VersionedRequest.wrong(
            new TxnOffsetCommitRequestData()
                .setTransactionalId("none")
                .setGroupId("commits-" + version)
                .setProducerId(1)
                .setProducerEpoch((short) 0)
                .setTopics(
                    List.of(version >= 6 ? asked.setTopicId(topicId) : asked.setName(topic)))));
  }

  private List<VersionedRequest> fetches(short version) {
    String group = "commits-" + version;
    List<VersionedRequest> asks = new ArrayList<>();
    if (version < 8) {
      OffsetFetchRequestTopic some =
          new OffsetFetchRequestTopic().setName(topic).setPartitionIndexes(List.of(0, 1));
      asks.add(
          VersionedRequest.good(
              new OffsetFetchRequestData().setGroupId(group).setTopics(List.of(some))));
      if (version >= 2) {
        asks.add(
            VersionedRequest.good(new OffsetFetchRequestData().setGroupId(group).setTopics(null)));
      }
      return asks;
    }
    OffsetFetchRequestTopics some =
        new OffsetFetchRequestTopics().setPartitionIndexes(List.of(0, 1));
    if (version >= 10) {
      some.setTopicId(topicId);
    } else {
      some.setName(topic);
    }
    asks.add(
        VersionedRequest.good(
            new OffsetFetchRequestData()
                .setRequireStable(true)
                .setGroups(
                    List.of(
                        new OffsetFetchRequestGroup().setGroupId(group).setTopics(List.of(some)),
                        new OffsetFetchRequestGroup().setGroupId("none").setTopics(null)))));
    if (version >= 10) {
      OffsetFetchRequestTopics unknown =
          new OffsetFetchRequestTopics().setTopicId(new Uuid(7, 7)).setPartitionIndexes(List.of(0));
      asks.add(
          VersionedRequest.wrong(
              new OffsetFetchRequestData()
                  .setGroups(
                      List.of(
                          new OffsetFetchRequestGroup()
                              .setGroupId(group)
                              .setTopics(List.of(unknown))))));
    }
    return asks;
  }

  private List<VersionedRequest> offsetDeletions(short version) {
    return List.of(VersionedRequest.wrong(new OffsetDeleteRequestData().setGroupId("none")));
  }

  private static List<VersionedRequest> joins(short version) {
    JoinGroupRequestData nameless = join("").setMemberId("");
    JoinGroupRequestData impatient = join("impatient").setSessionTimeoutMs(1);
    return List.of(
        VersionedRequest.wrong(nameless),
        VersionedRequest.wrong(impatient),
        VersionedRequest.wrong(join("g").setMemberId(STRANGER)));
  }

  private static JoinGroupRequestData join(String group) {
    return new JoinGroupRequestData()
        .setGroupId(group)
        .setSessionTimeoutMs(10_000)
        .setProtocolType("consumer");
  }

  private static List<VersionedRequest> syncs(short version) {
    SyncGroupRequestData stranger =
        new SyncGroupRequestData().setGroupId("none").setMemberId(STRANGER);
    if (version >= 5) {
      stranger.setProtocolType("consumer").setProtocolName("range");
    }
    return List.of(
        VersionedRequest.wrong(stranger),
        VersionedRequest.wrong(new SyncGroupRequestData().setGroupId("")));
  }

  private static List<VersionedRequest> heartbeats(short version) {
    return List.of(
        VersionedRequest.wrong(new HeartbeatRequestData().setGroupId("none").setMemberId(STRANGER)),
        VersionedRequest.wrong(new HeartbeatRequestData().setGroupId("")));
  }

  private static List<VersionedRequest> leaves(short version) {
    LeaveGroupRequestData leave = new LeaveGroupRequestData().setGroupId("none");
    return List.of(
        VersionedRequest.wrong(
            version < 3
                ? leave.setMemberId(STRANGER)
                : leave.setMembers(List.of(new MemberIdentity().setMemberId(STRANGER)))));
  }

  private static List<VersionedRequest> deletions(short version) {
    return List.of(
        VersionedRequest.wrong(new DeleteGroupsRequestData().setGroupsNames(List.of("none"))));
  }

  /// Until version 6 a group that is not there is a dead one.
  private static List<VersionedRequest> descriptions(short version) {
    DescribeGroupsRequestData none = new DescribeGroupsRequestData().setGroups(List.of("none"));
    return List.of(version < 6 ? VersionedRequest.good(none) : VersionedRequest.wrong(none));
  }

  private List<VersionedRequest> consumerHeartbeats(short version) {
    return List.of(
        VersionedRequest.good(
            new ConsumerGroupHeartbeatRequestData()
                .setGroupId("consumers-" + version)
                .setMemberId(version == 0 ? "" : "member")
                .setMemberEpoch(JOINING)
                .setRebalanceTimeoutMs(10_000)
                .setSubscribedTopicNames(List.of(topic))
                .setTopicPartitions(List.of())),
        VersionedRequest.wrong(
            new ConsumerGroupHeartbeatRequestData()
                .setGroupId("none")
                .setMemberId(STRANGER)
                .setMemberEpoch(5)));
  }

  private static List<VersionedRequest> consumerDescriptions(short version) {
    return List.of(
        VersionedRequest.wrong(
            new ConsumerGroupDescribeRequestData().setGroupIds(List.of("none", ""))));
  }

  private List<VersionedRequest> shareHeartbeats(short version) {
    return List.of(
        VersionedRequest.good(
            new ShareGroupHeartbeatRequestData()
                .setGroupId("shares-" + version)
                .setMemberId("member")
                .setMemberEpoch(JOINING)
                .setSubscribedTopicNames(List.of(topic))),
        VersionedRequest.wrong(
            new ShareGroupHeartbeatRequestData().setGroupId("none").setMemberId("")));
  }

  private static List<VersionedRequest> shareDescriptions(short version) {
    return List.of(
        VersionedRequest.wrong(
            new ShareGroupDescribeRequestData().setGroupIds(List.of("none", ""))));
  }

  private List<VersionedRequest> streamsHeartbeats(short version) {
    Subtopology only = new Subtopology().setSubtopologyId("0").setSourceTopics(List.of(topic));
    return List.of(
        VersionedRequest.good(
            new StreamsGroupHeartbeatRequestData()
                .setGroupId("streams-" + version)
                .setMemberId("member")
                .setMemberEpoch(JOINING)
                .setRebalanceTimeoutMs(10_000)
                .setProcessId("process")
                .setActiveTasks(List.of())
                .setStandbyTasks(List.of())
                .setWarmupTasks(List.of())
                .setTopology(new Topology().setEpoch(1).setSubtopologies(List.of(only)))),
        VersionedRequest.wrong(
            new StreamsGroupHeartbeatRequestData().setGroupId("none").setMemberId("")));
  }

  private static List<VersionedRequest> streamsDescriptions(short version) {
    return List.of(
        VersionedRequest.wrong(
            new StreamsGroupDescribeRequestData().setGroupIds(List.of("none", ""))));
  }
}
