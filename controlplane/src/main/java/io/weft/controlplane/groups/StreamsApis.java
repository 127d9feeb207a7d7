package io.weft.controlplane.groups;

import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.TopicCatalog.CreateOutcome;
import io.weft.controlplane.api.TopicCatalog.NewTopic;
import io.weft.controlplane.groups.limit.Faults;
import io.weft.controlplane.groups.limit.GroupLimits;
import io.weft.controlplane.rules.TopicRules;
import io.weft.environment.Randomness;
import io.weft.model.TopicId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.internals.Topic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.Subtopology;
import org.apache.kafka.common.message.StreamsGroupHeartbeatRequestData.TopicInfo;
import org.apache.kafka.common.message.StreamsGroupHeartbeatResponseData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatResponseData.Status;
import org.apache.kafka.common.message.StreamsGroupTopologyDescriptionUpdateResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.StreamsGroupHeartbeatRequest;
import org.apache.kafka.common.requests.StreamsGroupHeartbeatResponse;
import org.apache.kafka.common.requests.StreamsGroupTopologyDescriptionUpdateResponse;
import org.apache.kafka.coordinator.group.streams.StreamsGroupHeartbeatResult;

/// The heartbeat of streams groups (KIP-1071), which also creates the topics a topology needs; and
/// topology descriptions, which no plug-in keeps here.
final class StreamsApis {
  private static final int JOINING = 0;
  private static final int LEAVING_FOR_A_WHILE = -2;
  private static final int NOT_SAID = -1;

  private final Shard shard;
  private final Randomness randomness;

  StreamsApis(Shard shard, Randomness randomness) {
    this.shard = shard;
    this.randomness = randomness;
  }

  AbstractResponse heartbeat(CoordinatorCall call) {
    StreamsGroupHeartbeatRequestData request = call.body(StreamsGroupHeartbeatRequest.class).data();
    Optional<ApiError> fault = faultOf(request);
    StreamsGroupHeartbeatResult result =
        fault.isPresent()
            ? refused(fault.get())
            : shard.decide(
                () -> shard.coordinator().streamsGroupHeartbeat(call.client(), request),
                StreamsApis::refused);
    List<String> failures = new ArrayList<>();
    new TreeMap<>(result.creatableTopics())
        .forEach((name, topic) -> create(topic).ifPresent(failures::add));
    if (!failures.isEmpty()) {
      tell(result.data(), String.join("; ", failures));
    }
    if (result.data().status() != null) {
      result
          .data()
          .status()
          .forEach(each -> each.setStatusDetail(GroupLimits.shortened(each.statusDetail())));
    }
    return new StreamsGroupHeartbeatResponse(result.data());
  }

  AbstractResponse updateDescription() {
    return new StreamsGroupTopologyDescriptionUpdateResponse(
        new StreamsGroupTopologyDescriptionUpdateResponseData()
            .setErrorCode(Errors.UNSUPPORTED_VERSION.code())
            .setErrorMessage(
                "The broker has no streams group topology description plugin configured."));
  }

  private static StreamsGroupHeartbeatResult refused(ApiError error) {
    return StreamsGroupHeartbeatResult.forError(
        new StreamsGroupHeartbeatResponseData()
            .setErrorCode(error.error().code())
            .setErrorMessage(error.message()));
  }

  /// @return why it could not be
  private Optional<String> create(CreatableTopic wanted) {
    Map<String, String> settings = new TreeMap<>();
    wanted.configs().forEach(config -> settings.put(config.name(), config.value()));
    Optional<String> flaw = flaw(settings);
    if (flaw.isPresent()) {
      return Optional.of("%s: %s".formatted(wanted.name(), flaw.get()));
    }
    short replicationFactor = wanted.replicationFactor() < 1 ? 1 : wanted.replicationFactor();
    NewTopic topic =
        new NewTopic(
            new TopicId(randomness.nextLong(), randomness.nextLong()),
            wanted.name(),
            Math.max(1, wanted.numPartitions()),
            replicationFactor,
            settings);
    CreateOutcome outcome;
    try {
      outcome = shard.change(step -> step.createTopic(topic));
    } catch (ControlPlaneException.Rejected e) {
      return Optional.of("%s: %s".formatted(wanted.name(), e.getMessage()));
    }
    return switch (outcome) {
      case CREATED, NAME_TAKEN -> Optional.empty();
      case NAME_COLLIDES ->
          Optional.of(
              "%s: another topic's name differs only in '.' and '_'".formatted(wanted.name()));
      case LIMIT_REACHED ->
          Optional.of(
              "%s: there are too many topics, partitions or settings".formatted(wanted.name()));
    };
  }

  private static Optional<String> flaw(Map<String, String> settings) {
    return settings.containsValue(null)
        ? Optional.of("a setting without a value")
        : TopicRules.flaw(Map.of(), settings);
  }

  private static void tell(StreamsGroupHeartbeatResponseData response, String failures) {
    byte missing = StreamsGroupHeartbeatResponse.Status.MISSING_INTERNAL_TOPICS.code();
    List<Status> status =
        response.status() == null ? new ArrayList<>() : new ArrayList<>(response.status());
    Optional<Status> there =
        status.stream().filter(each -> each.statusCode() == missing).findFirst();
    there.ifPresentOrElse(
        each ->
            each.setStatusDetail(
                "%s; Creation failed: %s.".formatted(each.statusDetail(), failures)),
        () ->
            status.add(
                new Status()
                    .setStatusCode(missing)
                    .setStatusDetail("Creation failed: %s.".formatted(failures))));
    response.setStatus(status);
  }

  private static Optional<ApiError> faultOf(StreamsGroupHeartbeatRequestData request) {
    int epoch = request.memberEpoch();
    Faults faults = new Faults();
    if (request.topology() != null) {
      topicFaults(request.topology().subtopologies(), faults);
    }
    faults.ifEmpty(request.memberId(), "MemberId can't be empty.");
    faults.ifEmpty(request.groupId(), "GroupId can't be empty.");
    faults.ifEmpty(request.instanceId(), "InstanceId can't be empty.");
    faults.ifEmpty(request.rackId(), "RackId can't be empty.");
    if (epoch == JOINING) {
      faults.when(
          request.rebalanceTimeoutMs() == NOT_SAID,
          "RebalanceTimeoutMs must be provided in first request.");
      faults.when(some(request.activeTasks()), "ActiveTasks must be empty when (re-)joining.");
      faults.when(some(request.standbyTasks()), "StandbyTasks must be empty when (re-)joining.");
      faults.when(some(request.warmupTasks()), "WarmupTasks must be empty when (re-)joining.");
      faults.when(request.topology() == null, "Topology must be non-null when (re-)joining.");
      if (request.topology() != null) {
        changelogFaults(request.topology().subtopologies(), faults);
      }
    }
    faults.when(
        epoch == LEAVING_FOR_A_WHILE && request.instanceId() == null, "InstanceId can't be null.");
    faults.when(
        epoch < LEAVING_FOR_A_WHILE,
        "MemberEpoch is %d, but must be greater than or equal to -2.".formatted(epoch));
    boolean anyTasks =
        request.activeTasks() != null
            || request.standbyTasks() != null
            || request.warmupTasks() != null;
    boolean allTasks =
        request.activeTasks() != null
            && request.standbyTasks() != null
            && request.warmupTasks() != null;
    faults.when(anyTasks && !allTasks, "If one task-type is non-null, all must be non-null.");
    faults.when(
        epoch != JOINING && request.topology() != null,
        "Topology can only be provided when (re-)joining.");
    return faults.first();
  }

  private static boolean some(Collection<?> tasks) {
    return tasks == null || !tasks.isEmpty();
  }

  /// The topics a topology names must be possible ones, and none of Kafka's own.
  private static void topicFaults(List<Subtopology> subtopologies, Faults faults) {
    TreeSet<String> named = new TreeSet<>();
    for (Subtopology each : subtopologies) {
      named.addAll(each.sourceTopics());
      named.addAll(each.repartitionSinkTopics());
      each.repartitionSourceTopics().forEach(topic -> named.add(topic.name()));
      each.stateChangelogTopics().forEach(topic -> named.add(topic.name()));
      faults.when(
          !each.sourceTopicRegex().isEmpty(),
          "Regular expressions for source topics are not supported yet.");
    }
    List<String> internal = named.stream().filter(Topic::isInternal).toList();
    if (!internal.isEmpty()) {
      faults.add(
          Errors.STREAMS_INVALID_TOPOLOGY,
          "Use of Kafka internal topics %s in a Kafka Streams topology is prohibited."
              .formatted(String.join(",", internal)));
    }
    List<String> invalid = named.stream().filter(name -> !isPossible(name)).toList();
    if (!invalid.isEmpty()) {
      faults.add(
          Errors.STREAMS_INVALID_TOPOLOGY,
          "Topic names %s are not valid topic names.".formatted(String.join(",", invalid)));
    }
  }

  private static boolean isPossible(String name) {
    try {
      Topic.validate(name);
      return true;
    } catch (InvalidTopicException e) {
      return false;
    }
  }

  private static void changelogFaults(List<Subtopology> subtopologies, Faults faults) {
    for (Subtopology each : subtopologies) {
      for (TopicInfo topic : each.stateChangelogTopics()) {
        if (topic.partitions() != 0) {
          faults.add(
              Errors.STREAMS_INVALID_TOPOLOGY,
              "Changelog topic %s must have an undefined partition count, but it is set to %d."
                  .formatted(topic.name(), topic.partitions()));
        }
      }
    }
  }
}
