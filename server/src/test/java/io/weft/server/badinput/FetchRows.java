package io.weft.server.badinput;

import java.util.List;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.FetchResponse;
import org.apache.kafka.common.requests.ListOffsetsRequest;
import org.apache.kafka.common.requests.ListOffsetsResponse;

/// Fetches and look-ups of offsets. The topic `filled` has three records in partition 0.
final class FetchRows {
  private static final String NONE = "hw -1, lso -1, logstart -1";
  private static final String ALL = "hw 3, lso 3, logstart 0, some records";

  private FetchRows() {}

  static List<Row> all() {
    return List.of(
        Row.same(
            "beyond the end",
            "OFFSET_OUT_OF_RANGE(1), " + NONE,
            t -> fetch(t, "filled", 0, 99, -1)),
        Row.same(
            "unknown topic",
            "UNKNOWN_TOPIC_OR_PARTITION(3), " + NONE,
            t -> fetch(t, "nope", 0, 0, -1)),
        Row.same(
            "unknown partition",
            "UNKNOWN_TOPIC_OR_PARTITION(3), " + NONE,
            t -> fetch(t, "filled", 9, 0, -1)),
        Row.same(
            "newer leader epoch",
            "UNKNOWN_LEADER_EPOCH(75), " + NONE,
            t -> fetch(t, "filled", 0, 0, 99_999)),
        Row.same("leader epoch -5", "NONE(0), " + ALL, t -> fetch(t, "filled", 0, 0, -5)),
        Row.same("max wait -1, min bytes -1", "NONE(0), " + ALL, FetchRows::negativeWait),
        Row.differs(
            "as a follower",
            "NOT_LEADER_OR_FOLLOWER(6), " + NONE,
            "CLUSTER_AUTHORIZATION_FAILED(31)",
            FetchRows::asFollower),
        Row.same(
            "offsets, leader epoch 99999",
            "UNKNOWN_LEADER_EPOCH(75), -1, -1",
            FetchRows::listWithEpoch));
  }

  private static String fetch(Target target, String topic, int partition, long offset, int epoch)
      throws Exception {
    return ask(target, request(topic, partition, offset, epoch).setMaxWaitMs(500).setMinBytes(1));
  }

  private static String negativeWait(Target target) throws Exception {
    return ask(target, request("filled", 0, 0, -1).setMaxWaitMs(-1).setMinBytes(-1));
  }

  private static String asFollower(Target target) throws Exception {
    return ask(target, request("filled", 0, 0, -1).setReplicaId(1).setMaxWaitMs(0).setMinBytes(0));
  }

  private static FetchRequestData request(String topic, int partition, long offset, int epoch) {
    return new FetchRequestData()
        .setReplicaId(-1)
        .setMaxBytes(1 << 20)
        .setSessionId(0)
        .setSessionEpoch(-1)
        .setTopics(
            List.of(
                new FetchTopic()
                    .setTopic(topic)
                    .setPartitions(
                        List.of(
                            new FetchPartition()
                                .setPartition(partition)
                                .setFetchOffset(offset)
                                .setCurrentLeaderEpoch(epoch)
                                .setLogStartOffset(-1)
                                .setPartitionMaxBytes(1 << 20)))));
  }

  private static String ask(Target target, FetchRequestData data) throws Exception {
    return target.answer(
        new FetchRequest(data, (short) 11),
        response -> {
          FetchResponse fetched = (FetchResponse) response;
          if (fetched.data().errorCode() != 0) {
            return Target.name(fetched.data().errorCode());
          }
          var partition = fetched.data().responses().getFirst().partitions().getFirst();
          boolean records = partition.records() != null && partition.records().sizeInBytes() > 0;
          return "%s, hw %d, lso %d, logstart %d%s"
              .formatted(
                  Target.name(partition.errorCode()),
                  partition.highWatermark(),
                  partition.lastStableOffset(),
                  partition.logStartOffset(),
                  records ? ", some records" : "");
        });
  }

  private static String listWithEpoch(Target target) throws Exception {
    ListOffsetsRequestData data =
        new ListOffsetsRequestData()
            .setReplicaId(-1)
            .setTopics(
                List.of(
                    new ListOffsetsTopic()
                        .setName("filled")
                        .setPartitions(
                            List.of(
                                new ListOffsetsPartition()
                                    .setPartitionIndex(0)
                                    .setTimestamp(-1)
                                    .setCurrentLeaderEpoch(99_999)))));
    return target.answer(
        ListOffsetsRequest.parse(MessageUtil.toByteBufferAccessor(data, (short) 5), (short) 5),
        response -> {
          var partition =
              ((ListOffsetsResponse) response).data().topics().getFirst().partitions().getFirst();
          return "%s, %d, %d"
              .formatted(
                  Target.name(partition.errorCode()), partition.timestamp(), partition.offset());
        });
  }
}
