package io.weft.agent.api.topics;

import io.weft.agent.api.ApiHandler;
import io.weft.agent.catalog.CatalogSnapshot;
import io.weft.agent.catalog.ClientRoute;
import io.weft.agent.catalog.LiveCatalog;
import io.weft.agent.network.Answer;
import io.weft.agent.network.Request;
import io.weft.controlplane.api.TopicCatalog.Topic;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignablePartition;
import org.apache.kafka.common.message.AlterPartitionReassignmentsRequestData.ReassignableTopic;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData.ReassignablePartitionResponse;
import org.apache.kafka.common.message.AlterPartitionReassignmentsResponseData.ReassignableTopicResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AlterPartitionReassignmentsRequest;
import org.apache.kafka.common.requests.AlterPartitionReassignmentsResponse;
import org.apache.kafka.common.requests.ApiError;

/// AlterPartitionReassignments: no partition lies on an agent, so nothing can be moved. The
/// replicas a partition is shown to have anyway are accepted. Thread-safe.
final class AlterPartitionReassignmentsHandler implements ApiHandler {
  private final LiveCatalog catalog;

  AlterPartitionReassignmentsHandler(LiveCatalog catalog) {
    this.catalog = catalog;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.ALTER_PARTITION_REASSIGNMENTS;
  }

  @Override
  public Answer handle(Request request) {
    AlterPartitionReassignmentsRequestData data =
        ((AlterPartitionReassignmentsRequest) request.body()).data();
    CatalogSnapshot snapshot = catalog.fresh();
    PartitionView view =
        new PartitionView(
            snapshot, ClientRoute.of(request.header().clientId(), request.client().listener()));
    AlterPartitionReassignmentsResponseData answer = new AlterPartitionReassignmentsResponseData();
    for (ReassignableTopic asked : data.topics()) {
      Optional<Topic> topic = snapshot.topic(asked.name());
      ReassignableTopicResponse response = new ReassignableTopicResponse().setName(asked.name());
      for (ReassignablePartition partition : asked.partitions()) {
        ApiError error = result(topic, partition, view);
        response
            .partitions()
            .add(
                new ReassignablePartitionResponse()
                    .setPartitionIndex(partition.partitionIndex())
                    .setErrorCode(error.error().code())
                    .setErrorMessage(error.message()));
      }
      answer.responses().add(response);
    }
    return new Answer.Ready(new AlterPartitionReassignmentsResponse(answer));
  }

  private static ApiError result(
      Optional<Topic> topic, ReassignablePartition asked, PartitionView view) {
    int index = asked.partitionIndex();
    if (topic.filter(known -> index >= 0 && index < known.partitions()).isEmpty()) {
      return new ApiError(Errors.UNKNOWN_TOPIC_OR_PARTITION, "There is no such partition.");
    }
    if (asked.replicas() == null) {
      return new ApiError(
          Errors.NO_REASSIGNMENT_IN_PROGRESS, "No partition reassignment is in progress.");
    }
    List<Integer> shown = view.replicas(topic.get(), view.leader(topic.get(), index));
    boolean isSame =
        asked.replicas().size() == shown.size()
            && new TreeSet<>(asked.replicas()).equals(new TreeSet<>(shown));
    return isSame
        ? ApiError.NONE
        : new ApiError(
            Errors.INVALID_REPLICA_ASSIGNMENT,
            "Partitions lie in the object store and cannot be moved between agents.");
  }
}
