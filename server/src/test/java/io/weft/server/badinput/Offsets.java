package io.weft.server.badinput;

import io.weft.server.process.RawClient;
import java.io.IOException;
import java.util.List;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DeleteGroupsResponseData;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestPartition;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData.OffsetDeleteRequestTopicCollection;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestTopics;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.protocol.ApiKeys;

/// What is asked about a group's offsets in `plain`, partition 0, from outside of it.
record Offsets(RawClient client, String group) {
  String fetch() throws IOException {
    return fetch(false);
  }

  /// @param stable only if no transaction is about to change it
  String fetch(boolean stable) throws IOException {
    OffsetFetchRequestData request =
        new OffsetFetchRequestData()
            .setGroupId(group)
            .setRequireStable(stable)
            .setTopics(
                List.of(
                    new OffsetFetchRequestTopic()
                        .setName("plain")
                        .setPartitionIndexes(List.of(0))));
    OffsetFetchResponseData response =
        (OffsetFetchResponseData) client.ask(ApiKeys.OFFSET_FETCH, (short) 7, request).data();
    if (response.errorCode() != 0) {
      return Target.name(response.errorCode());
    }
    var partition = response.topics().getFirst().partitions().getFirst();
    return "%s, %d".formatted(Target.name(partition.errorCode()), partition.committedOffset());
  }

  /// As a member of a group with member epochs would.
  String fetchAs(String member, int epoch) throws IOException {
    OffsetFetchRequestData request =
        new OffsetFetchRequestData()
            .setGroups(
                List.of(
                    new OffsetFetchRequestGroup()
                        .setGroupId(group)
                        .setMemberId(member)
                        .setMemberEpoch(epoch)
                        .setTopics(
                            List.of(
                                new OffsetFetchRequestTopics()
                                    .setName("plain")
                                    .setPartitionIndexes(List.of(0))))));
    var answer =
        ((OffsetFetchResponseData) client.ask(ApiKeys.OFFSET_FETCH, (short) 9, request).data())
            .groups()
            .getFirst();
    if (answer.errorCode() != 0) {
      return Target.name(answer.errorCode());
    }
    var partition = answer.topics().getFirst().partitions().getFirst();
    return "%s, %d".formatted(Target.name(partition.errorCode()), partition.committedOffset());
  }

  String deleteGroup() throws IOException {
    DeleteGroupsResponseData response =
        (DeleteGroupsResponseData)
            client
                .ask(
                    ApiKeys.DELETE_GROUPS,
                    (short) 1,
                    new DeleteGroupsRequestData().setGroupsNames(List.of(group)))
                .data();
    return Target.name(response.results().iterator().next().errorCode());
  }

  String delete(String topic) throws IOException {
    OffsetDeleteRequestTopicCollection topics = new OffsetDeleteRequestTopicCollection();
    topics.add(
        new OffsetDeleteRequestTopic()
            .setName(topic)
            .setPartitions(List.of(new OffsetDeleteRequestPartition().setPartitionIndex(0))));
    OffsetDeleteResponseData response =
        (OffsetDeleteResponseData)
            client
                .ask(
                    ApiKeys.OFFSET_DELETE,
                    (short) 0,
                    new OffsetDeleteRequestData().setGroupId(group).setTopics(topics))
                .data();
    if (response.errorCode() != 0) {
      return Target.name(response.errorCode());
    }
    return "partition "
        + Target.name(
            response.topics().iterator().next().partitions().iterator().next().errorCode());
  }
}
