package io.weft.simulation.queue;

import io.weft.simulation.client.Caller;
import io.weft.simulation.client.Topics;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ShareAcknowledgeRequestData;
import org.apache.kafka.common.message.ShareAcknowledgeRequestData.AcknowledgePartition;
import org.apache.kafka.common.message.ShareAcknowledgeRequestData.AcknowledgeTopic;
import org.apache.kafka.common.message.ShareFetchRequestData;
import org.apache.kafka.common.message.ShareFetchRequestData.FetchPartition;
import org.apache.kafka.common.message.ShareFetchRequestData.FetchTopic;
import org.apache.kafka.common.message.ShareGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ShareGroupHeartbeatResponseData;
import org.apache.kafka.common.requests.ShareAcknowledgeRequest;
import org.apache.kafka.common.requests.ShareAcknowledgeResponse;
import org.apache.kafka.common.requests.ShareFetchRequest;
import org.apache.kafka.common.requests.ShareFetchResponse;
import org.apache.kafka.common.requests.ShareGroupHeartbeatRequest;
import org.apache.kafka.common.requests.ShareGroupHeartbeatResponse;

/// The requests of a share group's member, each asked once. Used by one thread of its world.
final class QueueCalls {
  private static final String GROUP = "q";
  private static final short VERSION = 2;
  private static final short BEAT_VERSION = 1;
  private static final int BYTES_MAX = 50_000;
  private static final int RECORDS_MAX = 20;

  private final Caller caller;
  private final Topics topics;

  QueueCalls(Caller caller, Topics topics) {
    this.caller = caller;
    this.topics = topics;
  }

  /// The member that says it, and as which of its session's requests.
  record Sender(String memberId, int epoch) {}

  /// What a member says of the records from `first` to `last`.
  record Verdict(long first, long last, Kind kind) {
    List<Byte> types() {
      return List.of(kind.type);
    }
  }

  enum Kind {
    ACCEPT((byte) 1),
    RELEASE((byte) 2),
    REJECT((byte) 3);

    private final byte type;

    Kind(byte type) {
      this.type = type;
    }

    boolean finishes() {
      return this != RELEASE;
    }
  }

  /// @param memberEpoch of its membership; 0 to join
  ShareGroupHeartbeatResponseData beat(
      String memberId, int memberEpoch, List<TopicPartition> partitions)
      throws InterruptedException {
    ShareGroupHeartbeatRequestData data =
        new ShareGroupHeartbeatRequestData()
            .setGroupId(GROUP)
            .setMemberId(memberId)
            .setMemberEpoch(memberEpoch)
            .setSubscribedTopicNames(
                partitions.stream().map(TopicPartition::topic).distinct().toList());
    return ((ShareGroupHeartbeatResponse)
            caller.ask(new ShareGroupHeartbeatRequest(data, BEAT_VERSION)))
        .data();
  }

  /// @param partitions which are to be in the session, besides those that are
  ShareFetchResponse fetch(
      Sender sender,
      List<TopicPartition> partitions,
      Map<TopicPartition, List<Verdict>> verdicts,
      int waitMs)
      throws InterruptedException {
    ShareFetchRequestData data =
        new ShareFetchRequestData()
            .setGroupId(GROUP)
            .setMemberId(sender.memberId())
            .setShareSessionEpoch(sender.epoch())
            .setMaxWaitMs(waitMs)
            .setMinBytes(1)
            .setMaxBytes(BYTES_MAX)
            .setMaxRecords(RECORDS_MAX)
            .setBatchSize(RECORDS_MAX);
    partitions.forEach(partition -> part(data, partition));
    verdicts.forEach(
        (partition, said) ->
            part(data, partition)
                .setAcknowledgementBatches(
                    said.stream()
                        .map(
                            verdict ->
                                new ShareFetchRequestData.AcknowledgementBatch()
                                    .setFirstOffset(verdict.first())
                                    .setLastOffset(verdict.last())
                                    .setAcknowledgeTypes(verdict.types()))
                        .toList()));
    return (ShareFetchResponse) caller.ask(new ShareFetchRequest(data, VERSION));
  }

  private FetchPartition part(ShareFetchRequestData data, TopicPartition partition) {
    Uuid id = topics.id(partition.topic());
    FetchTopic topic = data.topics().find(id);
    if (topic == null) {
      topic = new FetchTopic().setTopicId(id);
      data.topics().add(topic);
    }
    FetchPartition part = topic.partitions().find(partition.partition());
    if (part == null) {
      part = new FetchPartition().setPartitionIndex(partition.partition());
      topic.partitions().add(part);
    }
    return part;
  }

  ShareAcknowledgeResponse acknowledge(Sender sender, Map<TopicPartition, List<Verdict>> verdicts)
      throws InterruptedException {
    ShareAcknowledgeRequestData data =
        new ShareAcknowledgeRequestData()
            .setGroupId(GROUP)
            .setMemberId(sender.memberId())
            .setShareSessionEpoch(sender.epoch());
    verdicts.forEach(
        (partition, said) ->
            topic(data, topics.id(partition.topic()))
                .partitions()
                .add(
                    new AcknowledgePartition()
                        .setPartitionIndex(partition.partition())
                        .setAcknowledgementBatches(
                            said.stream()
                                .map(
                                    verdict ->
                                        new ShareAcknowledgeRequestData.AcknowledgementBatch()
                                            .setFirstOffset(verdict.first())
                                            .setLastOffset(verdict.last())
                                            .setAcknowledgeTypes(verdict.types()))
                                .toList())));
    return (ShareAcknowledgeResponse) caller.ask(new ShareAcknowledgeRequest(data, VERSION));
  }

  private static AcknowledgeTopic topic(ShareAcknowledgeRequestData data, Uuid id) {
    AcknowledgeTopic topic = data.topics().find(id);
    if (topic == null) {
      topic = new AcknowledgeTopic().setTopicId(id);
      data.topics().add(topic);
    }
    return topic;
  }

  /// @throws IllegalStateException if nobody asked for it
  TopicPartition partition(Uuid topicId, int partition) {
    return topics.partitions().stream()
        .filter(each -> topics.id(each.topic()).equals(topicId) && each.partition() == partition)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("an answer of another partition"));
  }
}
