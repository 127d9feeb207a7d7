package io.weft.agent.api.topics;

import io.weft.agent.api.ApiHandler;
import io.weft.agent.api.configs.TopicConfigs;
import io.weft.agent.catalog.CatalogSnapshot;
import io.weft.agent.catalog.LiveCatalog;
import io.weft.agent.network.Answer;
import io.weft.agent.network.Request;
import io.weft.controlplane.api.TopicCatalog.NewTopic;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicConfigs;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.CreateTopicsRequest;
import org.apache.kafka.common.requests.CreateTopicsResponse;
import org.apache.kafka.common.requests.DescribeConfigsResponse.ConfigSource;

/// CreateTopics: answered once a topic can be used through every agent. Thread-safe.
final class CreateTopicsHandler implements ApiHandler {
  private final LiveCatalog catalog;
  private final TopicCreation creation;

  CreateTopicsHandler(LiveCatalog catalog, TopicCreation creation) {
    this.catalog = catalog;
    this.creation = creation;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.CREATE_TOPICS;
  }

  @Override
  public Answer handle(Request request) throws InterruptedException {
    CreateTopicsRequestData data = ((CreateTopicsRequest) request.body()).data();
    Set<String> seen = new HashSet<>();
    Set<String> twice = new HashSet<>();
    data.topics().stream()
        .map(CreatableTopic::name)
        .filter(name -> !seen.add(name))
        .forEach(twice::add);
    List<CreatableTopic> once =
        data.topics().stream().filter(topic -> !twice.contains(topic.name())).toList();

    CreateTopicsResponseData answer = new CreateTopicsResponseData();
    List<TopicCreation.Outcome> outcomes = outcomes(once, data);
    for (int i = 0; i < once.size(); i++) {
      answer.topics().add(result(once.get(i).name(), outcomes.get(i), data.validateOnly()));
    }
    for (String name : twice) {
      ApiError error = new ApiError(Errors.INVALID_REQUEST, "Duplicate topic name.");
      answer
          .topics()
          .add(result(name, new TopicCreation.Outcome.Refused(error), data.validateOnly()));
    }
    return new Answer.Ready(new CreateTopicsResponse(answer));
  }

  private List<TopicCreation.Outcome> outcomes(
      List<CreatableTopic> asked, CreateTopicsRequestData data) throws InterruptedException {
    if (asked.isEmpty()) {
      return List.of();
    }
    CatalogSnapshot snapshot = catalog.fresh();
    List<TopicCreation.Outcome> judged = new ArrayList<>();
    for (CreatableTopic topic : asked) {
      judged.add(creation.judged(topic, snapshot));
    }
    return data.validateOnly() ? judged : creation.createdAll(judged, data.timeoutMs());
  }

  private static CreatableTopicResult result(
      String name, TopicCreation.Outcome outcome, boolean validateOnly) {
    return switch (outcome) {
      case TopicCreation.Outcome.Refused(ApiError error) ->
          new CreatableTopicResult()
              .setName(name)
              .setErrorCode(error.error().code())
              .setErrorMessage(error.message());
      case TopicCreation.Outcome.Accepted(NewTopic topic) ->
          new CreatableTopicResult()
              .setName(name)
              .setErrorMessage(null)
              .setTopicId(validateOnly ? Uuid.ZERO_UUID : PartitionView.uuid(topic.id()))
              .setNumPartitions(topic.partitions())
              .setReplicationFactor(topic.replicationFactor())
              .setConfigs(configs(topic));
    };
  }

  private static List<CreatableTopicConfigs> configs(NewTopic topic) {
    List<CreatableTopicConfigs> configs = new ArrayList<>();
    for (TopicConfigs.Entry entry : TopicConfigs.effective(topic.settings())) {
      ConfigSource source = entry.own() ? ConfigSource.TOPIC_CONFIG : ConfigSource.DEFAULT_CONFIG;
      configs.add(
          new CreatableTopicConfigs()
              .setName(entry.key().name)
              .setValue(entry.value())
              .setConfigSource(source.id()));
    }
    return configs;
  }
}
