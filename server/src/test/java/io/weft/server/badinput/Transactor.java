package io.weft.server.badinput;

import io.weft.server.clients.Deadline;
import io.weft.server.process.RawClient;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.message.AddOffsetsToTxnRequestData;
import org.apache.kafka.common.message.AddOffsetsToTxnResponseData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopic;
import org.apache.kafka.common.message.AddPartitionsToTxnRequestData.AddPartitionsToTxnTopicCollection;
import org.apache.kafka.common.message.AddPartitionsToTxnResponseData;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceDataCollection;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestPartition;
import org.apache.kafka.common.message.TxnOffsetCommitRequestData.TxnOffsetCommitRequestTopic;
import org.apache.kafka.common.message.TxnOffsetCommitResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.record.internal.MemoryRecords;

/// Requests of a transactional producer, as clients from before TV2 and those since send them.
record Transactor(RawClient client, String transactionalId) {
  /// A producer's id and epoch.
  record Identity(long id, short epoch) {
    Identity withEpoch(int other) {
      return new Identity(id, (short) other);
    }

    Identity withId(long other) {
      return new Identity(other, epoch);
    }
  }

  /// @param next what EndTxn says of the epoch to go on with, since TV2
  record Ended(String error, Identity next) {}

  interface Attempt {
    String ask() throws IOException;
  }

  /// Kafka ends transactions in the background, and has no coordinator until its own topic has been
  /// made: what it answers then says nothing about the request. A broker that cannot ask the
  /// coordinator about a transaction just now says NOT_ENOUGH_REPLICAS to its producer (KIP-890),
  /// which every client tries again.
  static String settled(Attempt attempt) throws IOException {
    String answer = attempt.ask();
    Deadline deadline = Deadline.usual();
    while (isTransient(answer) && !deadline.isOver()) {
      answer = attempt.ask();
    }
    return answer;
  }

  private static boolean isTransient(String answer) {
    return answer.startsWith("CONCURRENT_TRANSACTIONS")
        || answer.startsWith("COORDINATOR_")
        || answer.startsWith("NOT_COORDINATOR")
        || answer.startsWith("NOT_ENOUGH_REPLICAS(")
        || answer.startsWith("NOT_LEADER");
  }

  InitProducerIdResponseData init() throws IOException {
    return init((short) 1, -1, (short) -1);
  }

  /// Goes on as somebody (KIP-360).
  InitProducerIdResponseData initAs(Identity identity) throws IOException {
    return init((short) 3, identity.id(), identity.epoch());
  }

  private InitProducerIdResponseData init(short version, long id, short epoch) throws IOException {
    InitProducerIdResponseData[] last = new InitProducerIdResponseData[1];
    settled(
        () -> {
          last[0] =
              (InitProducerIdResponseData)
                  client
                      .ask(
                          ApiKeys.INIT_PRODUCER_ID,
                          version,
                          new InitProducerIdRequestData()
                              .setTransactionalId(transactionalId)
                              .setTransactionTimeoutMs(60_000)
                              .setProducerId(id)
                              .setProducerEpoch(epoch))
                      .data();
          return Target.name(last[0].errorCode());
        });
    return last[0];
  }

  static Identity identity(InitProducerIdResponseData response) {
    if (response.errorCode() != 0) {
      throw new IllegalStateException(Target.name(response.errorCode()));
    }
    return new Identity(response.producerId(), response.producerEpoch());
  }

  String addPartition(Identity as, String topic) throws IOException {
    AddPartitionsToTxnTopicCollection topics = new AddPartitionsToTxnTopicCollection();
    topics.add(new AddPartitionsToTxnTopic().setName(topic).setPartitions(List.of(0)));
    AddPartitionsToTxnRequestData request =
        new AddPartitionsToTxnRequestData()
            .setV3AndBelowTransactionalId(transactionalId)
            .setV3AndBelowProducerId(as.id())
            .setV3AndBelowProducerEpoch(as.epoch())
            .setV3AndBelowTopics(topics);
    return settled(
        () ->
            Target.name(
                ((AddPartitionsToTxnResponseData)
                        client.ask(ApiKeys.ADD_PARTITIONS_TO_TXN, (short) 1, request).data())
                    .resultsByTopicV3AndBelow()
                    .iterator()
                    .next()
                    .resultsByPartition()
                    .iterator()
                    .next()
                    .partitionErrorCode()));
  }

  String addGroup(Identity as, String group) throws IOException {
    AddOffsetsToTxnRequestData request =
        new AddOffsetsToTxnRequestData()
            .setTransactionalId(transactionalId)
            .setProducerId(as.id())
            .setProducerEpoch(as.epoch())
            .setGroupId(group);
    return settled(
        () ->
            Target.name(
                ((AddOffsetsToTxnResponseData)
                        client.ask(ApiKeys.ADD_OFFSETS_TO_TXN, (short) 1, request).data())
                    .errorCode()));
  }

  String commitOffset(Identity as, String group, long offset) throws IOException {
    return commitOffset((short) 2, request(as, group, offset));
  }

  /// Since TV2 the group need not have been added.
  String commitOffsetSince2(Identity as, String group, long offset) throws IOException {
    return commitOffset((short) 5, request(as, group, offset));
  }

  String commitOffsetAs(Identity as, String group, String member, int generation)
      throws IOException {
    return commitOffset(
        (short) 3,
        request(as, group, 1).setMemberId(member).setGenerationIdOrMemberEpoch(generation));
  }

  private TxnOffsetCommitRequestData request(Identity as, String group, long offset) {
    return new TxnOffsetCommitRequestData()
        .setTransactionalId(transactionalId)
        .setProducerId(as.id())
        .setProducerEpoch(as.epoch())
        .setGroupId(group)
        .setTopics(
            List.of(
                new TxnOffsetCommitRequestTopic()
                    .setName("plain")
                    .setPartitions(
                        List.of(
                            new TxnOffsetCommitRequestPartition()
                                .setPartitionIndex(0)
                                .setCommittedOffset(offset)
                                .setCommittedMetadata("")))));
  }

  private String commitOffset(short version, TxnOffsetCommitRequestData request)
      throws IOException {
    return settled(
        () ->
            Target.name(
                ((TxnOffsetCommitResponseData)
                        client.ask(ApiKeys.TXN_OFFSET_COMMIT, version, request).data())
                    .topics()
                    .getFirst()
                    .partitions()
                    .getFirst()
                    .errorCode()));
  }

  String end(Identity as, boolean commit) throws IOException {
    return end((short) 1, as, commit).error();
  }

  /// Each end is followed by another epoch (KIP-890).
  Ended endSince2(Identity as, boolean commit) throws IOException {
    return end((short) 5, as, commit);
  }

  private Ended end(short version, Identity as, boolean commit) throws IOException {
    EndTxnRequestData request =
        new EndTxnRequestData()
            .setTransactionalId(transactionalId)
            .setProducerId(as.id())
            .setProducerEpoch(as.epoch())
            .setCommitted(commit);
    EndTxnResponseData[] last = new EndTxnResponseData[1];
    String error =
        settled(
            () -> {
              last[0] = (EndTxnResponseData) client.ask(ApiKeys.END_TXN, version, request).data();
              return Target.name(last[0].errorCode());
            });
    return new Ended(error, new Identity(last[0].producerId(), last[0].producerEpoch()));
  }

  String produce(Identity as, int sequence, String topic) throws IOException {
    return produce(
        (short) 7, transactionalId, topic, Batches.transactional(as.id(), as.epoch(), sequence));
  }

  /// Since TV2 the partition need not have been added.
  String produceSince2(Identity as, int sequence, String topic) throws IOException {
    return produce(
        (short) 12, transactionalId, topic, Batches.transactional(as.id(), as.epoch(), sequence));
  }

  String producePlainly(Identity as, int sequence, String topic) throws IOException {
    return produce((short) 7, null, topic, Batches.idempotent(as.id(), as.epoch(), sequence, 1));
  }

  private String produce(short version, String id, String topic, ByteBuffer records)
      throws IOException {
    TopicProduceDataCollection topics = new TopicProduceDataCollection();
    topics.add(
        new TopicProduceData()
            .setName(topic)
            .setPartitionData(
                List.of(
                    new PartitionProduceData()
                        .setIndex(0)
                        .setRecords(MemoryRecords.readableRecords(records.duplicate())))));
    ProduceRequestData request =
        new ProduceRequestData()
            .setTransactionalId(id)
            .setAcks((short) -1)
            .setTimeoutMs(10_000)
            .setTopicData(topics);
    return settled(
        () ->
            Target.name(
                ((ProduceResponseData) client.ask(ApiKeys.PRODUCE, version, request).data())
                    .responses()
                    .iterator()
                    .next()
                    .partitionResponses()
                    .getFirst()
                    .errorCode()));
  }
}
