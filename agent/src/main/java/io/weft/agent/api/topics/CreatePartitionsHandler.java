package io.weft.agent.api.topics;

import io.weft.agent.api.ApiHandler;
import io.weft.agent.api.ControlPlaneCalls;
import io.weft.agent.catalog.CatalogSnapshot;
import io.weft.agent.catalog.LiveCatalog;
import io.weft.agent.network.Answer;
import io.weft.agent.network.Request;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.TopicCatalog.Topic;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.message.CreatePartitionsRequestData;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsAssignment;
import org.apache.kafka.common.message.CreatePartitionsRequestData.CreatePartitionsTopic;
import org.apache.kafka.common.message.CreatePartitionsResponseData;
import org.apache.kafka.common.message.CreatePartitionsResponseData.CreatePartitionsTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.CreatePartitionsRequest;
import org.apache.kafka.common.requests.CreatePartitionsResponse;

/// CreatePartitions: gives topics more partitions. Thread-safe.
final class CreatePartitionsHandler implements ApiHandler {
  private final LiveCatalog catalog;
  private final TopicCatalog topics;
  private final ControlPlaneCalls calls;

  CreatePartitionsHandler(LiveCatalog catalog, TopicCatalog topics, ControlPlaneCalls calls) {
    this.catalog = catalog;
    this.topics = topics;
    this.calls = calls;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.CREATE_PARTITIONS;
  }

  @Override
  public Answer handle(Request request) throws InterruptedException {
    CreatePartitionsRequestData data = ((CreatePartitionsRequest) request.body()).data();
    Set<String> seen = new HashSet<>();
    Set<String> twice = new HashSet<>();
    data.topics().stream()
        .map(CreatePartitionsTopic::name)
        .filter(name -> !seen.add(name))
        .forEach(twice::add);
    List<CreatePartitionsTopicResult> results = new ArrayList<>();
    for (String name : twice) {
      results.add(result(name, new ApiError(Errors.INVALID_REQUEST, "Duplicate topic name.")));
    }
    List<CreatePartitionsTopic> once =
        data.topics().stream().filter(topic -> !twice.contains(topic.name())).toList();
    if (!once.isEmpty()) {
      CatalogSnapshot snapshot = catalog.fresh();
      List<ControlPlaneCalls.Call<CreatePartitionsTopicResult>> questions = new ArrayList<>();
      for (CreatePartitionsTopic asked : once) {
        questions.add(() -> result(asked.name(), grown(asked, snapshot, data)));
      }
      results.addAll(calls.concurrently(questions));
      catalog.fresh();
    }
    return new Answer.Ready(
        new CreatePartitionsResponse(new CreatePartitionsResponseData().setResults(results)));
  }

  private ApiError grown(
      CreatePartitionsTopic asked, CatalogSnapshot snapshot, CreatePartitionsRequestData data)
      throws InterruptedException {
    Optional<Topic> topic = snapshot.topic(asked.name());
    if (topic.isEmpty()) {
      return unknown();
    }
    Optional<ApiError> flaw = flaw(asked, topic.get(), snapshot);
    if (flaw.isPresent() || data.validateOnly()) {
      return flaw.orElse(ApiError.NONE);
    }
    return switch (calls.withRetries(
        data.timeoutMs(), () -> topics.grow(topic.get().id(), asked.count()))) {
      case GROWN -> ApiError.NONE;
      case NOT_MORE -> afterNotMore(asked);
      case LIMIT_REACHED ->
          new ApiError(
              Errors.POLICY_VIOLATION,
              "The cluster has %d partitions at most.".formatted(TopicCatalog.PARTITIONS_MAX));
      case UNKNOWN_TOPIC -> unknown();
    };
  }

  /// It had fewer when we looked: if it has just as many now, an earlier try of ours that went
  /// unanswered has most likely done it, and otherwise somebody else has done the same.
  private ApiError afterNotMore(CreatePartitionsTopic asked) {
    int now = catalog.fresh().topic(asked.name()).map(Topic::partitions).orElse(0);
    return now == asked.count() ? ApiError.NONE : notMore(asked, now);
  }

  private static Optional<ApiError> flaw(
      CreatePartitionsTopic asked, Topic topic, CatalogSnapshot snapshot) {
    if (asked.count() <= topic.partitions()) {
      return Optional.of(notMore(asked, topic.partitions()));
    }
    if (asked.count() > TopicCatalog.PARTITIONS_PER_TOPIC_MAX
        || (long) asked.count() * topic.replicationFactor() > TopicCatalog.REPLICAS_PER_TOPIC_MAX) {
      return Optional.of(
          new ApiError(
              Errors.POLICY_VIOLATION,
              "A topic has %d partitions and %d replicas of them at most."
                  .formatted(
                      TopicCatalog.PARTITIONS_PER_TOPIC_MAX, TopicCatalog.REPLICAS_PER_TOPIC_MAX)));
    }
    if (asked.assignments() == null) {
      return Optional.empty();
    }
    int added = asked.count() - topic.partitions();
    if (asked.assignments().size() != added) {
      return Optional.of(
          new ApiError(
              Errors.INVALID_REPLICA_ASSIGNMENT,
              "Attempted to add %d additional partition(s), but only %d assignment(s) were specified."
                  .formatted(added, asked.assignments().size())));
    }
    for (CreatePartitionsAssignment assignment : asked.assignments()) {
      Optional<String> flaw =
          ReplicaAssignments.flaw(assignment.brokerIds(), topic.replicationFactor(), snapshot);
      if (flaw.isPresent()) {
        return Optional.of(new ApiError(Errors.INVALID_REPLICA_ASSIGNMENT, flaw.get()));
      }
    }
    return Optional.empty();
  }

  private static ApiError notMore(CreatePartitionsTopic asked, int now) {
    String message =
        asked.count() == now
            ? "Topic already has %d partition(s).".formatted(now)
            : "The topic %s currently has %d partition(s); %d would not be an increase."
                .formatted(asked.name(), now, asked.count());
    return new ApiError(Errors.INVALID_PARTITIONS, message);
  }

  private static ApiError unknown() {
    return new ApiError(
        Errors.UNKNOWN_TOPIC_OR_PARTITION, Errors.UNKNOWN_TOPIC_OR_PARTITION.message());
  }

  private static CreatePartitionsTopicResult result(String name, ApiError error) {
    return new CreatePartitionsTopicResult()
        .setName(name)
        .setErrorCode(error.error().code())
        .setErrorMessage(error.message());
  }
}
