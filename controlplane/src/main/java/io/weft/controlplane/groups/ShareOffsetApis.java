package io.weft.controlplane.groups;

import io.weft.controlplane.groups.ShareStates.Summary;
import io.weft.controlplane.groups.limit.AnswerBudget;
import java.util.AbstractMap.SimpleImmutableEntry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.AlterShareGroupOffsetsRequestData;
import org.apache.kafka.common.message.AlterShareGroupOffsetsRequestData.AlterShareGroupOffsetsRequestPartition;
import org.apache.kafka.common.message.AlterShareGroupOffsetsRequestData.AlterShareGroupOffsetsRequestTopic;
import org.apache.kafka.common.message.AlterShareGroupOffsetsResponseData;
import org.apache.kafka.common.message.AlterShareGroupOffsetsResponseData.AlterShareGroupOffsetsResponsePartition;
import org.apache.kafka.common.message.DeleteShareGroupOffsetsRequestData;
import org.apache.kafka.common.message.DeleteShareGroupOffsetsResponseData;
import org.apache.kafka.common.message.DeleteShareGroupOffsetsResponseData.DeleteShareGroupOffsetsResponseTopic;
import org.apache.kafka.common.message.DescribeShareGroupOffsetsRequestData.DescribeShareGroupOffsetsRequestGroup;
import org.apache.kafka.common.message.DescribeShareGroupOffsetsRequestData.DescribeShareGroupOffsetsRequestTopic;
import org.apache.kafka.common.message.DescribeShareGroupOffsetsResponseData;
import org.apache.kafka.common.message.DescribeShareGroupOffsetsResponseData.DescribeShareGroupOffsetsResponseGroup;
import org.apache.kafka.common.message.DescribeShareGroupOffsetsResponseData.DescribeShareGroupOffsetsResponsePartition;
import org.apache.kafka.common.message.DescribeShareGroupOffsetsResponseData.DescribeShareGroupOffsetsResponseTopic;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.AlterShareGroupOffsetsRequest;
import org.apache.kafka.common.requests.AlterShareGroupOffsetsResponse;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.DeleteShareGroupOffsetsRequest;
import org.apache.kafka.common.requests.DeleteShareGroupOffsetsResponse;
import org.apache.kafka.common.requests.DescribeShareGroupOffsetsRequest;
import org.apache.kafka.common.requests.DescribeShareGroupOffsetsResponse;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRecord;
import org.apache.kafka.coordinator.common.runtime.CoordinatorResult;
import org.apache.kafka.coordinator.group.GroupCoordinatorShard.DeleteShareGroupOffsetsResultHolder;
import org.apache.kafka.server.share.persister.InitializeShareGroupStateParameters;

/// DescribeShareGroupOffsets, AlterShareGroupOffsets and DeleteShareGroupOffsets: what Kafka's
/// service does between its shard and what keeps the state of share-partitions, in one step.
final class ShareOffsetApis {
  private static final long UNKNOWN = -1;

  private final Shard shard;

  ShareOffsetApis(Shard shard) {
    this.shard = shard;
  }

  AbstractResponse describe(CoordinatorCall call) {
    DescribeShareGroupOffsetsResponseData described = new DescribeShareGroupOffsetsResponseData();
    AnswerBudget budget = new AnswerBudget(call.body().version());
    for (DescribeShareGroupOffsetsRequestGroup group :
        call.body(DescribeShareGroupOffsetsRequest.class).groups()) {
      described
          .groups()
          .add(
              budget.part(
                  () -> group.topics() == null ? describeAll(group) : describeSome(group),
                  () -> tooMuch(group)));
    }
    return new DescribeShareGroupOffsetsResponse(described);
  }

  private static DescribeShareGroupOffsetsResponseGroup tooMuch(
      DescribeShareGroupOffsetsRequestGroup asked) {
    return new DescribeShareGroupOffsetsResponseGroup()
        .setGroupId(asked.groupId())
        .setErrorCode(Errors.INVALID_REQUEST.code())
        .setErrorMessage("The answer would be too long; ask for less.");
  }

  private DescribeShareGroupOffsetsResponseGroup describeAll(
      DescribeShareGroupOffsetsRequestGroup asked) {
    DescribeShareGroupOffsetsResponseGroup group =
        new DescribeShareGroupOffsetsResponseGroup().setGroupId(asked.groupId());
    try {
      new TreeMap<>(shard.coordinator().initializedShareGroupPartitions(asked.groupId()))
          .forEach(
              (id, partitions) ->
                  shard
                      .catalog()
                      .find(id)
                      .ifPresent(
                          topic ->
                              group
                                  .topics()
                                  .add(topic(asked.groupId(), topic, new TreeSet<>(partitions)))));
      return group;
    } catch (RuntimeException e) {
      ApiError error = Refusals.of(e);
      return group
          .setTopics(List.of())
          .setErrorCode(error.error().code())
          .setErrorMessage(error.message());
    }
  }

  private DescribeShareGroupOffsetsResponseGroup describeSome(
      DescribeShareGroupOffsetsRequestGroup asked) {
    DescribeShareGroupOffsetsResponseGroup group =
        new DescribeShareGroupOffsetsResponseGroup().setGroupId(asked.groupId());
    for (DescribeShareGroupOffsetsRequestTopic topic : asked.topics()) {
      Optional<CatalogImage.KnownTopic> known = shard.catalog().find(topic.topicName());
      group
          .topics()
          .add(
              known.isPresent()
                  ? topic(asked.groupId(), known.get(), topic.partitions())
                  : unknown(topic));
    }
    return group;
  }

  private DescribeShareGroupOffsetsResponseTopic topic(
      String group, CatalogImage.KnownTopic topic, Collection<Integer> partitions) {
    List<DescribeShareGroupOffsetsResponsePartition> described = new ArrayList<>();
    for (int partition : partitions) {
      DescribeShareGroupOffsetsResponsePartition one =
          new DescribeShareGroupOffsetsResponsePartition().setPartitionIndex(partition);
      described.add(one);
      if (topic.hasPartition(partition)) {
        Summary summary =
            shard
                .shareStates()
                .summary(group, MemberApis.partition(topic.id(), partition))
                .orElse(new Summary(UNKNOWN, UNKNOWN));
        one.setStartOffset(summary.startOffset()).setLag(summary.lag());
      } else {
        one.setStartOffset(UNKNOWN)
            .setErrorCode(Errors.UNKNOWN_TOPIC_OR_PARTITION.code())
            .setErrorMessage(Errors.UNKNOWN_TOPIC_OR_PARTITION.message());
      }
    }
    return new DescribeShareGroupOffsetsResponseTopic()
        .setTopicName(topic.name())
        .setTopicId(topic.id())
        .setPartitions(described);
  }

  private static DescribeShareGroupOffsetsResponseTopic unknown(
      DescribeShareGroupOffsetsRequestTopic topic) {
    return new DescribeShareGroupOffsetsResponseTopic()
        .setTopicName(topic.topicName())
        .setTopicId(Uuid.ZERO_UUID)
        .setPartitions(
            topic.partitions().stream()
                .map(
                    partition ->
                        new DescribeShareGroupOffsetsResponsePartition()
                            .setPartitionIndex(partition)
                            .setStartOffset(UNKNOWN)
                            .setErrorCode(Errors.UNKNOWN_TOPIC_OR_PARTITION.code())
                            .setErrorMessage(Errors.UNKNOWN_TOPIC_OR_PARTITION.message()))
                .toList());
  }

  AbstractResponse alter(CoordinatorCall call) {
    AlterShareGroupOffsetsRequestData request =
        call.body(AlterShareGroupOffsetsRequest.class).data();
    if (request.groupId().isEmpty()) {
      return new AlterShareGroupOffsetsResponse(
          AlterShareGroupOffsetsRequest.getErrorResponseData(Errors.INVALID_GROUP_ID));
    }
    Map<String, List<AlterShareGroupOffsetsResponsePartition>> impossible = takeImpossible(request);
    Map.Entry<AlterShareGroupOffsetsResponseData, InitializeShareGroupStateParameters> altered =
        shard.decide(
            () -> shard.coordinator().alterShareGroupOffsets(request.groupId(), request),
            error ->
                new SimpleImmutableEntry<>(
                    AlterShareGroupOffsetsRequest.getErrorResponseData(
                        error.error(), error.message()),
                    null));
    impossible.forEach(
        (topic, partitions) ->
            Optional.ofNullable(altered.getKey().responses().find(topic))
                .ifPresent(there -> there.partitions().addAll(partitions)));
    Optional<ApiError> full =
        Optional.ofNullable(altered.getValue())
            .flatMap(parameters -> MemberApis.initialize(shard, parameters));
    return new AlterShareGroupOffsetsResponse(
        full.map(
                error ->
                    AlterShareGroupOffsetsRequest.getErrorResponseData(
                        error.error(), error.message()))
            .orElse(altered.getKey()));
  }

  /// Partitions below zero are not there, as those above the last: the coordinator looks at these
  /// only.
  ///
  /// @return what is said of them, by topic; they are no more in the request
  private static Map<String, List<AlterShareGroupOffsetsResponsePartition>> takeImpossible(
      AlterShareGroupOffsetsRequestData request) {
    Map<String, List<AlterShareGroupOffsetsResponsePartition>> taken = new LinkedHashMap<>();
    for (AlterShareGroupOffsetsRequestTopic topic : request.topics()) {
      for (AlterShareGroupOffsetsRequestPartition each : topic.partitions()) {
        if (each.partitionIndex() < 0) {
          taken
              .computeIfAbsent(topic.topicName(), _ -> new ArrayList<>())
              .add(
                  new AlterShareGroupOffsetsResponsePartition()
                      .setPartitionIndex(each.partitionIndex())
                      .setErrorCode(Errors.UNKNOWN_TOPIC_OR_PARTITION.code())
                      .setErrorMessage(Errors.UNKNOWN_TOPIC_OR_PARTITION.message()));
        }
      }
      topic.setPartitions(
          topic.partitions().stream().filter(each -> each.partitionIndex() >= 0).toList());
    }
    return taken;
  }

  AbstractResponse delete(CoordinatorCall call) {
    DeleteShareGroupOffsetsRequestData request =
        call.body(DeleteShareGroupOffsetsRequest.class).data();
    if (request.groupId().isEmpty()) {
      return new DeleteShareGroupOffsetsResponse(
          DeleteShareGroupOffsetsRequest.getErrorDeleteResponseData(Errors.INVALID_GROUP_ID));
    }
    Map.Entry<ApiError, Optional<DeleteShareGroupOffsetsResultHolder>> begun =
        shard.decide(() -> begin(request), error -> Map.entry(error, Optional.empty()));
    if (begun.getValue().isEmpty()) {
      return new DeleteShareGroupOffsetsResponse(
          DeleteShareGroupOffsetsRequest.getErrorDeleteResponseData(
              begun.getKey().error(), begun.getKey().message()));
    }
    return delete(request, begun.getValue().get());
  }

  private CoordinatorResult<
          Map.Entry<ApiError, Optional<DeleteShareGroupOffsetsResultHolder>>, CoordinatorRecord>
      begin(DeleteShareGroupOffsetsRequestData request) {
    CoordinatorResult<DeleteShareGroupOffsetsResultHolder, CoordinatorRecord> begun =
        shard.coordinator().initiateDeleteShareGroupOffsets(request.groupId(), request);
    return new CoordinatorResult<>(
        begun.records(), Map.entry(ApiError.NONE, Optional.of(begun.response())));
  }

  private AbstractResponse delete(
      DeleteShareGroupOffsetsRequestData request, DeleteShareGroupOffsetsResultHolder holder) {
    if (holder.topLevelErrorCode() != Errors.NONE.code()) {
      return new DeleteShareGroupOffsetsResponse(
          DeleteShareGroupOffsetsRequest.getErrorDeleteResponseData(
              holder.topLevelErrorCode(), holder.topLevelErrorMessage()));
    }
    List<DeleteShareGroupOffsetsResponseTopic> failed =
        holder.errorTopicResponseList() == null
            ? new ArrayList<>()
            : new ArrayList<>(holder.errorTopicResponseList());
    if (holder.deleteStateRequestParameters() == null) {
      return new DeleteShareGroupOffsetsResponse(
          new DeleteShareGroupOffsetsResponseData().setResponses(failed));
    }
    Map<Uuid, String> deleted = new LinkedHashMap<>();
    holder
        .deleteStateRequestParameters()
        .groupTopicPartitionData()
        .topicsData()
        .forEach(
            topic -> {
              topic
                  .partitions()
                  .forEach(
                      each ->
                          shard.deleteShare(
                              request.groupId(),
                              MemberApis.partition(topic.topicId(), each.partition())));
              shard
                  .catalog()
                  .find(topic.topicId())
                  .ifPresent(known -> deleted.put(known.id(), known.name()));
            });
    return new DeleteShareGroupOffsetsResponse(
        shard.decide(
            () ->
                shard
                    .coordinator()
                    .completeDeleteShareGroupOffsets(request.groupId(), deleted, failed),
            error ->
                DeleteShareGroupOffsetsRequest.getErrorDeleteResponseData(
                    error.error(), error.message())));
  }
}
