package io.weft.agent.api.topics;

import io.weft.agent.api.ApiHandler;
import io.weft.agent.catalog.CatalogSnapshot;
import io.weft.agent.catalog.LiveCatalog;
import io.weft.agent.network.Answer;
import io.weft.agent.network.Request;
import io.weft.controlplane.api.TopicCatalog.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.ElectLeadersRequestData.TopicPartitions;
import org.apache.kafka.common.message.ElectLeadersResponseData.PartitionResult;
import org.apache.kafka.common.message.ElectLeadersResponseData.ReplicaElectionResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;
import org.apache.kafka.common.requests.ElectLeadersRequest;
import org.apache.kafka.common.requests.ElectLeadersResponse;

/// ElectLeaders: every partition always has the leader it should have. Thread-safe.
final class ElectLeadersHandler implements ApiHandler {
  private final LiveCatalog catalog;

  ElectLeadersHandler(LiveCatalog catalog) {
    this.catalog = catalog;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.ELECT_LEADERS;
  }

  @Override
  public Answer handle(Request request) {
    ElectLeadersRequest body = (ElectLeadersRequest) request.body();
    byte type = body.data().electionType();
    if (type != ElectionType.PREFERRED.value && type != ElectionType.UNCLEAN.value) {
      return new Answer.Ready(
          body.getErrorResponse(new InvalidRequestException("Unknown election type " + type)));
    }
    List<ReplicaElectionResult> results = new ArrayList<>();
    if (body.data().topicPartitions() != null) {
      CatalogSnapshot snapshot = catalog.fresh();
      for (TopicPartitions asked : body.data().topicPartitions()) {
        Optional<Topic> topic = snapshot.topic(asked.topic());
        ReplicaElectionResult result = new ReplicaElectionResult().setTopic(asked.topic());
        asked.partitions().forEach(index -> result.partitionResult().add(result(topic, index)));
        results.add(result);
      }
    }
    return new Answer.Ready(
        new ElectLeadersResponse(0, Errors.NONE.code(), results, body.version()));
  }

  private static PartitionResult result(Optional<Topic> topic, int index) {
    boolean isThere = topic.filter(known -> index >= 0 && index < known.partitions()).isPresent();
    ApiError error =
        isThere
            ? new ApiError(
                Errors.ELECTION_NOT_NEEDED, "Leader election not needed for topic partition.")
            : new ApiError(Errors.UNKNOWN_TOPIC_OR_PARTITION, "There is no such partition.");
    return new PartitionResult()
        .setPartitionId(index)
        .setErrorCode(error.error().code())
        .setErrorMessage(error.message());
  }
}
