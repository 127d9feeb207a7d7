package io.weft.server.badinput;

import io.weft.server.process.RawClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.AlterShareGroupOffsetsRequestData;
import org.apache.kafka.common.message.AlterShareGroupOffsetsRequestData.AlterShareGroupOffsetsRequestPartition;
import org.apache.kafka.common.message.AlterShareGroupOffsetsRequestData.AlterShareGroupOffsetsRequestTopic;
import org.apache.kafka.common.message.AlterShareGroupOffsetsRequestData.AlterShareGroupOffsetsRequestTopicCollection;
import org.apache.kafka.common.message.AlterShareGroupOffsetsResponseData;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DeleteGroupsResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

/// Requests of share groups (KIP-932). The topic `plain` exists, with one partition.
final class ShareGroupRows {
  private ShareGroupRows() {}

  static List<Row> all() {
    return List.of(
        Row.differs(
            "alter the offset of partition -1, then delete the group",
            "[whole UNKNOWN_SERVER_ERROR(-1), deleted UNKNOWN_SERVER_ERROR(-1)]",
            "[whole NONE(0), -1 UNKNOWN_TOPIC_OR_PARTITION(3), deleted NONE(0)]",
            t -> t.talk(client -> altered(client, "sg1", "plain", -1))),
        Row.same(
            "alter the offset of partition 99, then delete the group",
            "[whole NONE(0), 99 UNKNOWN_TOPIC_OR_PARTITION(3), deleted NONE(0)]",
            t -> t.talk(client -> altered(client, "sg2", "plain", 99))),
        Row.same(
            "alter an offset of an unknown topic, then delete the group",
            "[whole NONE(0), 0 UNKNOWN_TOPIC_OR_PARTITION(3), deleted GROUP_ID_NOT_FOUND(69)]",
            t -> t.talk(client -> altered(client, "sg3", "none", 0))));
  }

  private static String altered(RawClient client, String group, String topic, int partition)
      throws IOException {
    AlterShareGroupOffsetsRequestTopicCollection topics =
        new AlterShareGroupOffsetsRequestTopicCollection();
    topics.add(
        new AlterShareGroupOffsetsRequestTopic()
            .setTopicName(topic)
            .setPartitions(
                List.of(
                    new AlterShareGroupOffsetsRequestPartition()
                        .setPartitionIndex(partition)
                        .setStartOffset(0))));
    AlterShareGroupOffsetsResponseData altered =
        (AlterShareGroupOffsetsResponseData)
            client
                .ask(
                    ApiKeys.ALTER_SHARE_GROUP_OFFSETS,
                    (short) 0,
                    new AlterShareGroupOffsetsRequestData().setGroupId(group).setTopics(topics))
                .data();
    List<String> said = new ArrayList<>();
    said.add("whole " + Target.name(altered.errorCode()));
    altered
        .responses()
        .forEach(
            each ->
                each.partitions()
                    .forEach(
                        one ->
                            said.add(one.partitionIndex() + " " + Target.name(one.errorCode()))));
    DeleteGroupsResponseData deleted =
        (DeleteGroupsResponseData)
            client
                .ask(
                    ApiKeys.DELETE_GROUPS,
                    (short) 2,
                    new DeleteGroupsRequestData().setGroupsNames(List.of(group)))
                .data();
    deleted.results().forEach(each -> said.add("deleted " + Target.name(each.errorCode())));
    return said.toString();
  }
}
