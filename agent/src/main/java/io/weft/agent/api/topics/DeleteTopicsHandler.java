package io.weft.agent.api.topics;

import io.weft.agent.api.ApiHandler;
import io.weft.agent.api.ControlPlaneCalls;
import io.weft.agent.catalog.CatalogSnapshot;
import io.weft.agent.catalog.LiveCatalog;
import io.weft.agent.network.Answer;
import io.weft.agent.network.Request;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.TopicCatalog.Topic;
import io.weft.model.TopicId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.DeleteTopicsRequestData.DeleteTopicState;
import org.apache.kafka.common.message.DeleteTopicsResponseData;
import org.apache.kafka.common.message.DeleteTopicsResponseData.DeletableTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DeleteTopicsRequest;
import org.apache.kafka.common.requests.DeleteTopicsResponse;

/// DeleteTopics, by name or by id. Thread-safe.
final class DeleteTopicsHandler implements ApiHandler {
  private final LiveCatalog catalog;
  private final TopicCatalog topics;
  private final ControlPlaneCalls calls;

  DeleteTopicsHandler(LiveCatalog catalog, TopicCatalog topics, ControlPlaneCalls calls) {
    this.catalog = catalog;
    this.topics = topics;
    this.calls = calls;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.DELETE_TOPICS;
  }

  @Override
  public Answer handle(Request request) throws InterruptedException {
    DeleteTopicsRequest body = (DeleteTopicsRequest) request.body();
    DeleteTopicsResponseData answer = new DeleteTopicsResponseData();
    // Each name or id as often as it was given.
    Map<Object, Integer> asked = new LinkedHashMap<>();
    for (DeleteTopicState topic : body.topics()) {
      boolean hasId = !topic.topicId().equals(Uuid.ZERO_UUID);
      if (hasId == (topic.name() != null)) {
        String message =
            hasId
                ? "You may not specify both topic name and topic id."
                : "Neither topic name nor id were specified.";
        add(answer, topic.name(), topic.topicId(), Errors.INVALID_REQUEST, message);
      } else {
        asked.merge(hasId ? topic.topicId() : topic.name(), 1, Integer::sum);
      }
    }
    List<Topic> found = resolve(asked, answer);
    delete(found, body.data().timeoutMs(), answer);
    return new Answer.Ready(new DeleteTopicsResponse(answer));
  }

  /// Finds the topics that are asked for once; answers all others.
  private List<Topic> resolve(Map<Object, Integer> asked, DeleteTopicsResponseData answer) {
    if (asked.isEmpty()) {
      return List.of();
    }
    CatalogSnapshot snapshot = catalog.fresh();
    Map<TopicId, Topic> found = new LinkedHashMap<>();
    Map<TopicId, Integer> times = new HashMap<>();
    asked.forEach(
        (nameOrId, count) -> {
          String name = nameOrId instanceof String text ? text : null;
          Uuid id = nameOrId instanceof Uuid uuid ? uuid : Uuid.ZERO_UUID;
          Optional<Topic> topic =
              name != null ? snapshot.topic(name) : snapshot.topic(PartitionView.topicId(id));
          topic.ifPresent(there -> times.merge(there.id(), 1, Integer::sum));
          if (count > 1) {
            String what = name != null ? "Duplicate topic name." : "Duplicate topic id.";
            add(answer, name, id, Errors.INVALID_REQUEST, what);
          } else if (topic.isEmpty()) {
            Errors error =
                name != null ? Errors.UNKNOWN_TOPIC_OR_PARTITION : Errors.UNKNOWN_TOPIC_ID;
            add(answer, name, id, error, error.message());
          } else {
            found.put(topic.get().id(), topic.get());
          }
        });
    List<Topic> once = new ArrayList<>();
    for (Topic topic : found.values()) {
      if (times.get(topic.id()) > 1) {
        String message = "The provided topic name maps to an ID that was already supplied.";
        add(answer, topic.name(), PartitionView.uuid(topic.id()), Errors.INVALID_REQUEST, message);
      } else {
        once.add(topic);
      }
    }
    return once;
  }

  private void delete(List<Topic> found, long timeoutMs, DeleteTopicsResponseData answer)
      throws InterruptedException {
    List<ControlPlaneCalls.Call<Boolean>> questions = new ArrayList<>();
    for (Topic topic : found) {
      questions.add(() -> calls.withRetries(timeoutMs, () -> topics.delete(topic.id())));
    }
    List<Boolean> deleted = calls.concurrently(questions);
    for (int i = 0; i < found.size(); i++) {
      Topic topic = found.get(i);
      // Gone meanwhile: by somebody else, or by an earlier try of ours that went unanswered.
      Errors error = deleted.get(i) ? Errors.NONE : Errors.UNKNOWN_TOPIC_OR_PARTITION;
      add(answer, topic.name(), PartitionView.uuid(topic.id()), error, null);
    }
    if (!found.isEmpty()) {
      catalog.fresh();
    }
  }

  private static void add(
      DeleteTopicsResponseData answer, String name, Uuid id, Errors error, String message) {
    answer
        .responses()
        .add(
            new DeletableTopicResult()
                .setName(name)
                .setTopicId(id)
                .setErrorCode(error.code())
                .setErrorMessage(message));
  }
}
