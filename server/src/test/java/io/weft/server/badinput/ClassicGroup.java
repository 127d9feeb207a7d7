package io.weft.server.badinput;

import io.weft.server.process.RawClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocolCollection;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

/// Requests of one member of a classic group, in versions from before flexible ones.
record ClassicGroup(RawClient client, String group) {
  static final int SESSION_MS = 10_000;

  /// Until version 3 a member is given its id with its first join.
  private static final short JOIN = 3;

  private static final short JOIN_STATIC = 5;

  JoinGroupResponseData join(String member) throws IOException {
    return join(JOIN, request(member, "range"));
  }

  JoinGroupResponseData join(String member, String protocol) throws IOException {
    return join(JOIN, request(member, protocol));
  }

  JoinGroupResponseData joinFor(String member, int sessionMs) throws IOException {
    return join(JOIN, request(member, "range").setSessionTimeoutMs(sessionMs));
  }

  JoinGroupResponseData joinAs(String instance, String member) throws IOException {
    return join(JOIN_STATIC, request(member, "range").setGroupInstanceId(instance));
  }

  /// @param metadata what it wants to read, as assignors of consumers write it
  JoinGroupResponseData joinSubscribed(byte[] metadata) throws IOException {
    JoinGroupRequestData request = request("", "range");
    request.protocols().iterator().next().setMetadata(metadata);
    return join(JOIN, request);
  }

  /// As a member that is told its id before it joins.
  JoinGroupResponseData joinInTwoSteps(String member) throws IOException {
    return join(JOIN_STATIC, request(member, "range"));
  }

  private JoinGroupRequestData request(String member, String protocol) {
    JoinGroupRequestProtocolCollection protocols = new JoinGroupRequestProtocolCollection();
    protocols.add(new JoinGroupRequestProtocol().setName(protocol).setMetadata(new byte[] {1}));
    return new JoinGroupRequestData()
        .setGroupId(group)
        .setSessionTimeoutMs(SESSION_MS)
        .setRebalanceTimeoutMs(SESSION_MS)
        .setMemberId(member)
        .setProtocolType("consumer")
        .setProtocols(protocols);
  }

  private JoinGroupResponseData join(short version, JoinGroupRequestData request)
      throws IOException {
    return (JoinGroupResponseData) client.ask(ApiKeys.JOIN_GROUP, version, request).data();
  }

  /// Gives itself all there is.
  String sync(int generation, String member) throws IOException {
    SyncGroupRequestData request =
        new SyncGroupRequestData()
            .setGroupId(group)
            .setGenerationId(generation)
            .setMemberId(member)
            .setAssignments(
                List.of(
                    new SyncGroupRequestAssignment()
                        .setMemberId(member)
                        .setAssignment("all".getBytes(StandardCharsets.UTF_8))));
    return Target.name(
        ((SyncGroupResponseData) client.ask(ApiKeys.SYNC_GROUP, (short) 2, request).data())
            .errorCode());
  }

  String heartbeat(int generation, String member) throws IOException {
    return heartbeat(generation, member, null);
  }

  String heartbeat(int generation, String member, String instance) throws IOException {
    HeartbeatRequestData request =
        new HeartbeatRequestData()
            .setGroupId(group)
            .setGenerationId(generation)
            .setMemberId(member)
            .setGroupInstanceId(instance);
    return Target.name(
        ((HeartbeatResponseData) client.ask(ApiKeys.HEARTBEAT, (short) 3, request).data())
            .errorCode());
  }

  String commit(int generation, String member, Place place) throws IOException {
    return commit((short) 7, generation, member, place);
  }

  /// As a member of a group with member epochs.
  String commitAs(String member, int epoch, Place place) throws IOException {
    return commit((short) 9, epoch, member, place);
  }

  private String commit(short version, int generation, String member, Place place)
      throws IOException {
    OffsetCommitRequestData request =
        new OffsetCommitRequestData()
            .setGroupId(group)
            .setGenerationIdOrMemberEpoch(generation)
            .setMemberId(member)
            .setTopics(
                List.of(
                    new OffsetCommitRequestTopic()
                        .setName(place.topic())
                        .setPartitions(
                            List.of(
                                new OffsetCommitRequestPartition()
                                    .setPartitionIndex(place.partition())
                                    .setCommittedOffset(place.offset())
                                    .setCommittedMetadata(place.metadata())))));
    OffsetCommitResponseData response =
        (OffsetCommitResponseData) client.ask(ApiKeys.OFFSET_COMMIT, version, request).data();
    return Target.name(response.topics().getFirst().partitions().getFirst().errorCode());
  }

  String leave(String member) throws IOException {
    LeaveGroupRequestData request =
        new LeaveGroupRequestData().setGroupId(group).setMemberId(member);
    return Target.name(
        ((LeaveGroupResponseData) client.ask(ApiKeys.LEAVE_GROUP, (short) 2, request).data())
            .errorCode());
  }

  /// What is committed.
  record Place(String topic, int partition, long offset, String metadata) {
    static Place at(long offset) {
      return new Place("plain", 0, offset, "");
    }
  }
}
