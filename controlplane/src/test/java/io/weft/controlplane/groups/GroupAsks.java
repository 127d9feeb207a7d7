package io.weft.controlplane.groups;

import io.weft.controlplane.api.GroupRequest;
import io.weft.controlplane.api.GroupRequest.Client;
import io.weft.controlplane.api.Groups;
import io.weft.controlplane.api.transaction.ProducerEpoch;
import io.weft.controlplane.command.CommandPort;
import io.weft.model.OpaqueBytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocolCollection;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestPartition;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageUtil;

/// A member of groups, as a control plane's port sees it. Thread-safe.
public record GroupAsks(CommandPort port, String clientId) {
  private static final long WAIT_MS = 600_000;

  /// Asks in a version and reads the response.
  ///
  /// @param response an empty one, to be filled
  public <R extends ApiMessage> R ask(ApiMessage request, int version, R response) {
    GroupRequest asked = request(request, version);
    OpaqueBytes answer = port.as(Groups.class).coordinate(asked);
    ByteBufferAccessor bytes = new ByteBufferAccessor(ByteBuffer.wrap(answer.array()));
    response.read(bytes, (short) version);
    return response;
  }

  public GroupRequest request(ApiMessage request, int version) {
    return new GroupRequest(
        request.apiKey(),
        (short) version,
        new Client(clientId, "127.0.0.1", "User:ANONYMOUS"),
        WAIT_MS,
        OpaqueBytes.of(
            MessageUtil.byteBufferToArray(
                MessageUtil.toByteBufferAccessor(request, (short) version).buffer())));
  }

  public JoinGroupResponseData join(String group, String member, int sessionMs) {
    JoinGroupRequestProtocolCollection protocols = new JoinGroupRequestProtocolCollection();
    protocols.add(new JoinGroupRequestProtocol().setName("range").setMetadata(subscription("t")));
    return ask(
        new JoinGroupRequestData()
            .setGroupId(group)
            .setMemberId(member)
            .setProtocolType("consumer")
            .setProtocols(protocols)
            .setSessionTimeoutMs(sessionMs)
            .setRebalanceTimeoutMs(60_000),
        ApiKeys.JOIN_GROUP.latestVersion(),
        new JoinGroupResponseData());
  }

  /// Joins as somebody new and gets an id first, as clients do.
  public JoinGroupResponseData joinNew(String group, int sessionMs) {
    return join(group, join(group, "", sessionMs).memberId(), sessionMs);
  }

  /// @param assignments in pairs of member and assignment
  public SyncGroupResponseData sync(
      String group, JoinGroupResponseData joined, String... assignments) {
    SyncGroupRequestData request =
        new SyncGroupRequestData()
            .setGroupId(group)
            .setMemberId(joined.memberId())
            .setGenerationId(joined.generationId())
            .setProtocolType("consumer")
            .setProtocolName("range");
    for (int i = 0; i < assignments.length; i += 2) {
      request
          .assignments()
          .add(
              new SyncGroupRequestAssignment()
                  .setMemberId(assignments[i])
                  .setAssignment(bytes(assignments[i + 1])));
    }
    return ask(request, ApiKeys.SYNC_GROUP.latestVersion(), new SyncGroupResponseData());
  }

  public short heartbeat(String group, JoinGroupResponseData joined) {
    return ask(
            new HeartbeatRequestData()
                .setGroupId(group)
                .setMemberId(joined.memberId())
                .setGenerationId(joined.generationId()),
            ApiKeys.HEARTBEAT.latestVersion(),
            new HeartbeatResponseData())
        .errorCode();
  }

  public static OffsetCommitRequestData commitOf(
      String group, String member, int epoch, String topic, int partition, long offset) {
    return new OffsetCommitRequestData()
        .setGroupId(group)
        .setMemberId(member)
        .setGenerationIdOrMemberEpoch(epoch)
        .setTopics(
            List.of(
                new OffsetCommitRequestTopic()
                    .setName(topic)
                    .setPartitions(
                        List.of(
                            new OffsetCommitRequestPartition()
                                .setPartitionIndex(partition)
                                .setCommittedOffset(offset)
                                .setCommittedMetadata("")))));
  }

  /// Commits as nobody's member.
  public short commit(String group, String topic, int partition, long offset) {
    return ask(commitOf(group, "", -1, topic, partition, offset), 9, new OffsetCommitResponseData())
        .topics()
        .getFirst()
        .partitions()
        .getFirst()
        .errorCode();
  }

  /// Commits in a transaction, as a producer of transaction.version 2 does.
  public short stage(
      String transactionalId,
      ProducerEpoch producer,
      String group,
      String topic,
      int partition,
      long offset) {
    return ask(
            new TxnOffsetCommitRequestData()
                .setTransactionalId(transactionalId)
                .setProducerId(producer.producerId())
                .setProducerEpoch(producer.epoch())
                .setGroupId(group)
                .setTopics(
                    List.of(
                        new TxnOffsetCommitRequestTopic()
                            .setName(topic)
                            .setPartitions(
                                List.of(
                                    new TxnOffsetCommitRequestPartition()
                                        .setPartitionIndex(partition)
                                        .setCommittedOffset(offset)
                                        .setCommittedMetadata(""))))),
            5,
            new TxnOffsetCommitResponseData())
        .topics()
        .getFirst()
        .partitions()
        .getFirst()
        .errorCode();
  }

  /// @return the offset, or minus the error's code minus 1,000 where there is an error
  public long committed(String group, String topic, int partition, boolean stable) {
    OffsetFetchResponseData fetched =
        ask(
            new OffsetFetchRequestData()
                .setRequireStable(stable)
                .setGroups(
                    List.of(
                        new OffsetFetchRequestGroup()
                            .setGroupId(group)
                            .setTopics(
                                List.of(
                                    new OffsetFetchRequestTopics()
                                        .setName(topic)
                                        .setPartitionIndexes(List.of(partition)))))),
            9,
            new OffsetFetchResponseData());
    var answer = fetched.groups().getFirst().topics().getFirst().partitions().getFirst();
    return answer.errorCode() == 0 ? answer.committedOffset() : -1_000 - answer.errorCode();
  }

  /// A heartbeat of a KIP-848 member; epoch 0 joins.
  public ConsumerGroupHeartbeatResponseData beat(
      String group, String member, int epoch, String topic) {
    ConsumerGroupHeartbeatRequestData request =
        new ConsumerGroupHeartbeatRequestData()
            .setGroupId(group)
            .setMemberId(member)
            .setMemberEpoch(epoch);
    if (epoch == 0) {
      request
          .setRebalanceTimeoutMs(60_000)
          .setSubscribedTopicNames(List.of(topic))
          .setTopicPartitions(List.of());
    }
    return ask(
        request,
        ApiKeys.CONSUMER_GROUP_HEARTBEAT.latestVersion(),
        new ConsumerGroupHeartbeatResponseData());
  }

  /// A KIP-848 member joins with a regular expression.
  public ConsumerGroupHeartbeatResponseData beatRegex(String group, String member, String regex) {
    return ask(
        new ConsumerGroupHeartbeatRequestData()
            .setGroupId(group)
            .setMemberId(member)
            .setMemberEpoch(0)
            .setRebalanceTimeoutMs(60_000)
            .setSubscribedTopicRegex(regex)
            .setTopicPartitions(List.of()),
        ApiKeys.CONSUMER_GROUP_HEARTBEAT.latestVersion(),
        new ConsumerGroupHeartbeatResponseData());
  }

  private static byte[] subscription(String topic) {
    return MessageUtil.byteBufferToArray(
        ConsumerProtocol.serializeSubscription(new Subscription(List.of(topic))));
  }

  public static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
