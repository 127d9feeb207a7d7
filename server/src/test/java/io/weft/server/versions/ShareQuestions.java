package io.weft.server.versions;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.AlterShareGroupOffsetsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteShareGroupOffsetsRequestData;
import org.apache.kafka.common.message.DescribeShareGroupOffsetsRequestData;
import org.apache.kafka.common.message.DescribeShareGroupOffsetsRequestData.DescribeShareGroupOffsetsRequestGroup;
import org.apache.kafka.common.message.ShareAcknowledgeRequestData;
import org.apache.kafka.common.message.ShareFetchRequestData;
import org.apache.kafka.common.protocol.ApiKeys;

/// Questions to the APIs of share groups' records and offsets, and of records to delete.
///
/// @param topic there
record ShareQuestions(String topic) {
  private static final String GROUP = "queue";
  private static final int SOME_EPOCH = 5;

  Map<ApiKeys, VersionedRequest.Questions> all() {
    Map<ApiKeys, VersionedRequest.Questions> all = new EnumMap<>(ApiKeys.class);
    all.put(ApiKeys.SHARE_FETCH, _ -> List.of(VersionedRequest.wrong(fetch())));
    all.put(ApiKeys.SHARE_ACKNOWLEDGE, _ -> List.of(VersionedRequest.wrong(acknowledge())));
    all.put(
        ApiKeys.DESCRIBE_SHARE_GROUP_OFFSETS, _ -> List.of(VersionedRequest.either(describe())));
    all.put(
        ApiKeys.ALTER_SHARE_GROUP_OFFSETS,
        _ ->
            List.of(
                VersionedRequest.either(
                    new AlterShareGroupOffsetsRequestData().setGroupId(GROUP))));
    all.put(
        ApiKeys.DELETE_SHARE_GROUP_OFFSETS,
        _ ->
            List.of(
                VersionedRequest.either(
                    new DeleteShareGroupOffsetsRequestData().setGroupId(GROUP))));
    all.put(
        ApiKeys.DELETE_RECORDS,
        _ -> List.of(VersionedRequest.good(deletion(1)), VersionedRequest.wrong(deletion(99))));
    return all;
  }

  /// Of a session nobody has begun.
  private static ShareFetchRequestData fetch() {
    return new ShareFetchRequestData()
        .setGroupId(GROUP)
        .setMemberId(Uuid.randomUuid().toString())
        .setShareSessionEpoch(SOME_EPOCH)
        .setMaxWaitMs(1)
        .setMaxBytes(1 << 20);
  }

  private static ShareAcknowledgeRequestData acknowledge() {
    return new ShareAcknowledgeRequestData()
        .setGroupId(GROUP)
        .setMemberId(Uuid.randomUuid().toString())
        .setShareSessionEpoch(SOME_EPOCH);
  }

  private static DescribeShareGroupOffsetsRequestData describe() {
    return new DescribeShareGroupOffsetsRequestData()
        .setGroups(
            List.of(new DescribeShareGroupOffsetsRequestGroup().setGroupId(GROUP).setTopics(null)));
  }

  private DeleteRecordsRequestData deletion(int partition) {
    var part =
        new DeleteRecordsRequestData.DeleteRecordsPartition()
            .setPartitionIndex(partition)
            .setOffset(0);
    var topics =
        new DeleteRecordsRequestData.DeleteRecordsTopic()
            .setName(topic)
            .setPartitions(List.of(part));
    return new DeleteRecordsRequestData().setTimeoutMs(10_000).setTopics(List.of(topics));
  }
}
