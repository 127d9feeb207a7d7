package io.weft.controlplane.groups;

import io.weft.controlplane.groups.limit.Faults;
import io.weft.controlplane.groups.work.RegexMembers;
import io.weft.model.PartitionId;
import io.weft.model.RegexRules;
import io.weft.model.TopicId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.ShareGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ShareGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.ConsumerGroupHeartbeatRequest;
import org.apache.kafka.common.requests.ConsumerGroupHeartbeatResponse;
import org.apache.kafka.common.requests.ShareGroupHeartbeatRequest;
import org.apache.kafka.common.requests.ShareGroupHeartbeatResponse;
import org.apache.kafka.coordinator.group.GroupCoordinatorConfig;
import org.apache.kafka.server.share.persister.InitializeShareGroupStateParameters;

/// The heartbeats of consumer and share groups: what Kafka's service checks before its shard, and
/// does after it.
final class MemberApis {
  private static final int JOINING = 0;
  private static final int LEAVING = -1;
  private static final int LEAVING_FOR_A_WHILE = -2;
  private static final int NOT_SAID = -1;

  private final Shard shard;
  private final Set<String> assignors = new LinkedHashSet<>();

  MemberApis(Shard shard, GroupCoordinatorConfig settings) {
    this.shard = shard;
    settings.consumerGroupAssignors().forEach(assignor -> assignors.add(assignor.name()));
  }

  AbstractResponse consumerHeartbeat(CoordinatorCall call) {
    ConsumerGroupHeartbeatRequestData request =
        call.body(ConsumerGroupHeartbeatRequest.class).data();
    Optional<ApiError> fault = faultOf(request, call.body().version());
    return new ConsumerGroupHeartbeatResponse(
        fault.isPresent() ? refusedConsumer(fault.get()) : beat(call, request));
  }

  private ConsumerGroupHeartbeatResponseData beat(
      CoordinatorCall call, ConsumerGroupHeartbeatRequestData request) {
    RegexMembers regexes = shard.executor().members();
    if (request.memberEpoch() < JOINING) {
      regexes.forget(request.groupId(), request.memberId());
    }
    Optional<String> unmatched =
        regexes.hear(request.groupId(), request.memberId(), request.subscribedTopicRegex());
    try {
      return unmatched.isPresent()
          ? refusedConsumer(new ApiError(Errors.INVALID_REGULAR_EXPRESSION, unmatched.get()))
          : shard.decide(
              () -> shard.coordinator().consumerGroupHeartbeat(call.client(), request),
              MemberApis::refusedConsumer);
    } finally {
      regexes.heard();
    }
  }

  private static ConsumerGroupHeartbeatResponseData refusedConsumer(ApiError error) {
    return new ConsumerGroupHeartbeatResponseData()
        .setErrorCode(error.error().code())
        .setErrorMessage(error.message());
  }

  private Optional<ApiError> faultOf(ConsumerGroupHeartbeatRequestData request, short version) {
    int epoch = request.memberEpoch();
    Faults faults = new Faults();
    if (version >= 1 || epoch > JOINING || epoch == LEAVING) {
      faults.ifEmpty(request.memberId(), "MemberId can't be empty.");
    }
    faults.ifEmpty(request.groupId(), "GroupId can't be empty.");
    faults.ifEmpty(request.instanceId(), "InstanceId can't be empty.");
    faults.ifEmpty(request.rackId(), "RackId can't be empty.");
    if (epoch == JOINING) {
      faults.when(
          request.rebalanceTimeoutMs() == NOT_SAID,
          "RebalanceTimeoutMs must be provided in first request.");
      faults.when(
          request.topicPartitions() == null || !request.topicPartitions().isEmpty(),
          "TopicPartitions must be empty when (re-)joining.");
      faults.when(
          request.subscribedTopicNames() == null && request.subscribedTopicRegex() == null,
          "Either SubscribedTopicNames or SubscribedTopicRegex must be non-null when"
              + " (re-)joining.");
    }
    faults.when(
        epoch == LEAVING_FOR_A_WHILE && request.instanceId() == null, "InstanceId can't be null.");
    faults.when(epoch < LEAVING_FOR_A_WHILE, "MemberEpoch is invalid.");
    RegexRules.faultOf(request.subscribedTopicRegex())
        .ifPresent(fault -> faults.add(Errors.INVALID_REGULAR_EXPRESSION, fault));
    String assignor = request.serverAssignor();
    if (assignor != null && !assignors.contains(assignor)) {
      faults.add(
          Errors.UNSUPPORTED_ASSIGNOR,
          "ServerAssignor %s is not supported. Supported assignors: %s."
              .formatted(assignor, String.join(", ", assignors)));
    }
    return faults.first();
  }

  AbstractResponse shareHeartbeat(CoordinatorCall call) {
    ShareGroupHeartbeatRequestData request = call.body(ShareGroupHeartbeatRequest.class).data();
    Optional<ApiError> fault = faultOf(request);
    if (fault.isPresent()) {
      return new ShareGroupHeartbeatResponse(refusedShare(fault.get()));
    }
    Map.Entry<ShareGroupHeartbeatResponseData, Optional<InitializeShareGroupStateParameters>>
        beaten =
            shard.decide(
                () -> shard.coordinator().shareGroupHeartbeat(call.client(), request),
                error -> Map.entry(refusedShare(error), Optional.empty()));
    Optional<ApiError> full =
        beaten.getValue().flatMap(parameters -> initialize(shard, parameters));
    return new ShareGroupHeartbeatResponse(
        full.map(MemberApis::refusedShare).orElse(beaten.getKey()));
  }

  /// In the step of the request that asks for it: state that is begun is never half begun.
  ///
  /// @return what the member is told if there are too many already; then none was begun
  static Optional<ApiError> initialize(Shard shard, InitializeShareGroupStateParameters asked) {
    String group = asked.groupTopicPartitionData().groupId();
    List<ShareStates.Beginning> beginnings = new ArrayList<>();
    Map<Uuid, Set<Integer>> begun = new LinkedHashMap<>();
    asked
        .groupTopicPartitionData()
        .topicsData()
        .forEach(
            topic ->
                topic
                    .partitions()
                    .forEach(
                        partition -> {
                          beginnings.add(
                              new ShareStates.Beginning(
                                  partition(topic.topicId(), partition.partition()),
                                  partition.stateEpoch(),
                                  partition.startOffset()));
                          begun
                              .computeIfAbsent(topic.topicId(), _ -> new LinkedHashSet<>())
                              .add(partition.partition());
                        }));
    if (!shard.change(_ -> shard.shareStates().initialize(group, beginnings))) {
      return Optional.of(
          new ApiError(Errors.POLICY_VIOLATION, "There are too many share-partitions already."));
    }
    // Should this fail, the next heartbeat asks for the same again.
    shard.attempt(() -> shard.coordinator().initializeShareGroupState(group, begun));
    return Optional.empty();
  }

  static PartitionId partition(Uuid topic, int partition) {
    return new PartitionId(
        new TopicId(topic.getMostSignificantBits(), topic.getLeastSignificantBits()), partition);
  }

  private static ShareGroupHeartbeatResponseData refusedShare(ApiError error) {
    return new ShareGroupHeartbeatResponseData()
        .setErrorCode(error.error().code())
        .setErrorMessage(error.message());
  }

  private static Optional<ApiError> faultOf(ShareGroupHeartbeatRequestData request) {
    Faults faults = new Faults();
    faults.ifEmpty(request.memberId(), "MemberId can't be empty.");
    faults.ifEmpty(request.groupId(), "GroupId can't be empty.");
    faults.ifEmpty(request.rackId(), "RackId can't be empty.");
    faults.when(
        request.memberEpoch() == JOINING
            && (request.subscribedTopicNames() == null || request.subscribedTopicNames().isEmpty()),
        "SubscribedTopicNames must be set in first request.");
    faults.when(request.memberEpoch() < LEAVING, "MemberEpoch is invalid.");
    return faults.first();
  }
}
