package io.weft.server.badinput;

import io.weft.server.process.RawClient;
import java.io.EOFException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ConsumerGroupDescribeRequestData;
import org.apache.kafka.common.message.ConsumerGroupDescribeResponseData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.Subtopology;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.Topology;
import org.apache.kafka.common.message.StreamsGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.RequestHeader;

/// Requests about groups that name what nobody can name, or so much that an answer that repeats it
/// does not fit.
final class OddGroupRows {
  private static final int NAME_BYTES_MAX = 32_767;

  private OddGroupRows() {}

  static List<Row> all() {
    return List.of(
        Row.same(
            "describe a group whose name is no UTF-8",
            "[NONE]",
            t -> answered(t, ApiKeys.DESCRIBE_GROUPS, 4, describe(bad(3)))),
        Row.differs(
            "describe a group with a long name that is no UTF-8",
            RawClient.SILENT,
            RawClient.CLOSED,
            t -> answered(t, ApiKeys.DESCRIBE_GROUPS, 4, describe(bad(NAME_BYTES_MAX)))),
        Row.differs(
            "heartbeat to a group with a long name that is no UTF-8",
            "[UNKNOWN_MEMBER_ID]",
            "[INVALID_REQUEST]",
            t -> answered(t, ApiKeys.HEARTBEAT, 0, heartbeat(bad(NAME_BYTES_MAX)))),
        Row.differs(
            "heartbeat with unknown tags that have no order",
            "[UNKNOWN_MEMBER_ID]",
            "[INVALID_REQUEST]",
            t -> answered(t, ApiKeys.HEARTBEAT, 4, tagged())),
        Row.differs(
            "describe a consumer group with the longest name",
            "UNKNOWN_SERVER_ERROR(-1)",
            "INVALID_REQUEST(42)",
            OddGroupRows::describedLong),
        Row.differs(
            "a topology of very many impossible topics",
            "UNKNOWN_SERVER_ERROR(-1)",
            "STREAMS_INVALID_TOPOLOGY(130)",
            OddGroupRows::manyTopics));
  }

  private static byte[] bad(int bytes) {
    byte[] name = new byte[bytes];
    Arrays.fill(name, (byte) 0xFF);
    return name;
  }

  private static byte[] describe(byte[] group) {
    return ByteBuffer.allocate(4 + 2 + group.length + 1)
        .putInt(1)
        .putShort((short) group.length)
        .put(group)
        .array();
  }

  private static byte[] heartbeat(byte[] group) {
    return ByteBuffer.allocate(2 + group.length + 4 + 2 + 1)
        .putShort((short) group.length)
        .put(group)
        .putInt(1)
        .putShort((short) 1)
        .put((byte) 'm')
        .array();
  }

  /// Version 4: group, generation, member, no instance, and two tags, the higher one first.
  private static byte[] tagged() {
    return ByteBuffer.allocate(2 + 4 + 2 + 1 + 1 + 6)
        .put(new byte[] {2, 'g'})
        .putInt(1)
        .put(new byte[] {2, 'm', 0, 2, 9, 1, 7, 5, 1, 7})
        .array();
  }

  private static String answered(Target target, ApiKeys api, int version, byte[] body)
      throws Exception {
    return target.talk(
        client -> {
          RequestHeader header = client.header(api, (short) version);
          byte[] head =
              MessageUtil.byteBufferToArray(
                  MessageUtil.toByteBufferAccessor(header.data(), header.headerVersion()).buffer());
          byte[] frame = Arrays.copyOf(head, head.length + body.length);
          System.arraycopy(body, 0, frame, head.length, body.length);
          client.sendFrame(frame);
          try {
            AbstractResponse response =
                AbstractResponse.parseResponse(ByteBuffer.wrap(client.receive()), header);
            return response.errorCounts().keySet().toString();
          } catch (EOFException | SocketException e) {
            return RawClient.CLOSED;
          } catch (SocketTimeoutException e) {
            return RawClient.SILENT;
          }
        });
  }

  private static String describedLong(Target target) throws Exception {
    return target.talk(
        client -> {
          try {
            ConsumerGroupDescribeResponseData described =
                (ConsumerGroupDescribeResponseData)
                    client
                        .ask(
                            ApiKeys.CONSUMER_GROUP_DESCRIBE,
                            (short) 1,
                            new ConsumerGroupDescribeRequestData()
                                .setGroupIds(List.of("g".repeat(NAME_BYTES_MAX))))
                        .data();
            return Target.name(described.groups().getFirst().errorCode());
          } catch (EOFException | SocketException e) {
            return RawClient.CLOSED;
          }
        });
  }

  private static String manyTopics(Target target) throws Exception {
    List<String> topics = IntStream.range(0, 1_000).mapToObj(i -> "/".repeat(100) + i).toList();
    return target.talk(
        client -> {
          try {
            StreamsGroupHeartbeatResponseData beaten =
                (StreamsGroupHeartbeatResponseData)
                    client
                        .ask(
                            ApiKeys.STREAMS_GROUP_HEARTBEAT,
                            (short) 0,
                            new StreamsGroupHeartbeatRequestData()
                                .setGroupId("og6")
                                .setMemberId(Uuid.randomUuid().toString())
                                .setMemberEpoch(0)
                                .setRebalanceTimeoutMs(60_000)
                                .setActiveTasks(List.of())
                                .setStandbyTasks(List.of())
                                .setWarmupTasks(List.of())
                                .setTopology(
                                    new Topology()
                                        .setEpoch(0)
                                        .setSubtopologies(
                                            List.of(
                                                new Subtopology()
                                                    .setSubtopologyId("0")
                                                    .setSourceTopics(topics)))))
                        .data();
            return Target.name(beaten.errorCode());
          } catch (EOFException | SocketException e) {
            return RawClient.CLOSED;
          }
        });
  }
}
