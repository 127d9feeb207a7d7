package io.weft.server.versions;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/// Questions to the APIs that carry or find records.
///
/// @param topic there, with records in partition 0
record RecordQuestions(String topic, Uuid topicId) {
  private static final Uuid NOWHERE = new Uuid(7, 7);

  Map<ApiKeys, VersionedRequest.Questions> all() {
    Map<ApiKeys, VersionedRequest.Questions> all = new EnumMap<>(ApiKeys.class);
    all.put(ApiKeys.PRODUCE, this::produce);
    all.put(ApiKeys.FETCH, this::fetch);
    all.put(ApiKeys.LIST_OFFSETS, this::listOffsets);
    all.put(ApiKeys.OFFSET_FOR_LEADER_EPOCH, this::leaderEpochs);
    all.put(ApiKeys.INIT_PRODUCER_ID, RecordQuestions::producerId);
    return all;
  }

  private List<VersionedRequest> produce(short version) {
    return List.of(
        VersionedRequest.good(produce(version, topic, topicId, 0)),
        VersionedRequest.wrong(produce(version, topic, topicId, 99)),
        VersionedRequest.wrong(produce(version, "nowhere", NOWHERE, 0)));
  }

  private static ProduceRequestData produce(short version, String name, Uuid id, int partition) {
    var topic = new ProduceRequestData.TopicProduceData();
    if (version >= 13) {
      topic.setTopicId(id);
    } else {
      topic.setName(name);
    }
    topic.setPartitionData(
        List.of(
            new ProduceRequestData.PartitionProduceData()
                .setIndex(partition)
                .setRecords(
                    MemoryRecords.withRecords(
                        Compression.NONE,
                        new SimpleRecord("value".getBytes(StandardCharsets.UTF_8))))));
    var topics = new ProduceRequestData.TopicProduceDataCollection();
    topics.add(topic);
    return new ProduceRequestData().setAcks((short) -1).setTimeoutMs(10_000).setTopicData(topics);
  }

  private List<VersionedRequest> fetch(short version) {
    List<VersionedRequest> asks = new ArrayList<>();
    asks.add(VersionedRequest.good(fetch(version, topic, topicId, 0, 0)));
    asks.add(
        VersionedRequest.good(fetch(version, topic, topicId, 0, 0).setIsolationLevel((byte) 1)));
    asks.add(VersionedRequest.wrong(fetch(version, topic, topicId, 0, 1_000_000)));
    asks.add(VersionedRequest.wrong(fetch(version, topic, topicId, 99, 0)));
    asks.add(VersionedRequest.wrong(fetch(version, "nowhere", NOWHERE, 0, 0)));
    if (version >= 7) {
      asks.add(VersionedRequest.good(fetch(version, topic, topicId, 0, 0).setSessionEpoch(0)));
      asks.add(
          VersionedRequest.wrong(
              fetch(version, topic, topicId, 0, 0).setSessionId(12).setSessionEpoch(5)));
    }
    if (version >= 12) {
      FetchRequestData diverging = fetch(version, topic, topicId, 0, 1);
      diverging.topics().getFirst().partitions().getFirst().setLastFetchedEpoch(0);
      asks.add(VersionedRequest.either(diverging));
    }
    return asks;
  }

  private static FetchRequestData fetch(
      short version, String name, Uuid id, int partition, long offset) {
    var topic = new FetchRequestData.FetchTopic();
    if (version >= 13) {
      topic.setTopicId(id);
    } else {
      topic.setTopic(name);
    }
    topic.setPartitions(
        List.of(
            new FetchRequestData.FetchPartition()
                .setPartition(partition)
                .setFetchOffset(offset)
                .setPartitionMaxBytes(1 << 20)));
    return new FetchRequestData()
        .setMaxWaitMs(100)
        .setMinBytes(1)
        .setMaxBytes(1 << 20)
        .setTopics(List.of(topic));
  }

  /// All special timestamps, and a plain one, in one request.
  private List<VersionedRequest> listOffsets(short version) {
    long[] known = version == 1 ? new long[] {-2, -1, 0} : new long[] {-2, -1, 0, 1L << 60};
    if (version >= 7) {
      known = new long[] {-3, -2, -1, 0, 1L << 60};
    }
    List<VersionedRequest> asks = new ArrayList<>();
    for (long timestamp : known) {
      asks.add(VersionedRequest.good(listOffsets(version, topic, timestamp)));
      asks.add(VersionedRequest.wrong(listOffsets(version, "nowhere", timestamp)));
    }
    LongStream.rangeClosed(-8, -4)
        .forEach(
            timestamp -> asks.add(VersionedRequest.either(listOffsets(version, topic, timestamp))));
    return asks;
  }

  private static ListOffsetsRequestData listOffsets(short version, String name, long timestamp) {
    return new ListOffsetsRequestData()
        .setReplicaId(-1)
        .setIsolationLevel((byte) (version >= 2 ? 1 : 0))
        .setTopics(
            List.of(
                new ListOffsetsRequestData.ListOffsetsTopic()
                    .setName(name)
                    .setPartitions(
                        List.of(
                            new ListOffsetsRequestData.ListOffsetsPartition()
                                .setPartitionIndex(0)
                                .setTimestamp(timestamp)))));
  }

  private List<VersionedRequest> leaderEpochs(short version) {
    return List.of(
        VersionedRequest.good(leaderEpoch(topic, 0, 0)),
        VersionedRequest.good(leaderEpoch(topic, 0, 1_000)),
        VersionedRequest.wrong(leaderEpoch(topic, version + 99, 0)),
        VersionedRequest.wrong(leaderEpoch("nowhere", 0, 0)));
  }

  private static OffsetForLeaderEpochRequestData leaderEpoch(
      String name, int partition, int epoch) {
    var topics = new OffsetForLeaderEpochRequestData.OffsetForLeaderTopicCollection();
    topics.add(
        new OffsetForLeaderEpochRequestData.OffsetForLeaderTopic()
            .setTopic(name)
            .setPartitions(
                List.of(
                    new OffsetForLeaderEpochRequestData.OffsetForLeaderPartition()
                        .setPartition(partition)
                        .setLeaderEpoch(epoch))));
    return new OffsetForLeaderEpochRequestData().setReplicaId(-1).setTopics(topics);
  }

  private static List<VersionedRequest> producerId(short version) {
    List<VersionedRequest> asks = new ArrayList<>();
    asks.add(
        VersionedRequest.good(
            new InitProducerIdRequestData()
                .setTransactionalId(null)
                .setTransactionTimeoutMs(1_000)));
    asks.add(
        VersionedRequest.wrong(
            new InitProducerIdRequestData().setTransactionalId("").setTransactionTimeoutMs(1_000)));
    asks.add(
        VersionedRequest.either(
            new InitProducerIdRequestData()
                .setTransactionalId("some")
                .setTransactionTimeoutMs(1_000)));
    if (version >= 3) {
      asks.add(
          VersionedRequest.either(
              new InitProducerIdRequestData()
                  .setTransactionalId(null)
                  .setTransactionTimeoutMs(1_000)
                  .setProducerId(5)
                  .setProducerEpoch((short) 1)));
    }
    return asks;
  }
}
