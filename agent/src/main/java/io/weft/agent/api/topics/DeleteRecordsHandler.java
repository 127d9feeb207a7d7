package io.weft.agent.api.topics;

import io.weft.agent.api.ApiHandler;
import io.weft.agent.api.ControlPlaneCalls;
import io.weft.agent.catalog.CatalogSnapshot;
import io.weft.agent.catalog.LiveCatalog;
import io.weft.agent.network.Answer;
import io.weft.agent.network.Request;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.TopicCatalog.DeleteOutcome;
import io.weft.controlplane.api.TopicCatalog.RecordsBefore;
import io.weft.controlplane.api.TopicCatalog.Topic;
import io.weft.controlplane.api.topic.TopicSettings;
import io.weft.model.PartitionId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.apache.kafka.common.message.DeleteRecordsRequestData;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsPartition;
import org.apache.kafka.common.message.DeleteRecordsRequestData.DeleteRecordsTopic;
import org.apache.kafka.common.message.DeleteRecordsResponseData;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsPartitionResult;
import org.apache.kafka.common.message.DeleteRecordsResponseData.DeleteRecordsTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DeleteRecordsRequest;
import org.apache.kafka.common.requests.DeleteRecordsResponse;

/// DeleteRecords: moves the beginning of partitions. Thread-safe.
///
/// As in Kafka, a partition named twice counts once, as it was named last, and records of a topic
/// that is compacted only are not deleted this way.
final class DeleteRecordsHandler implements ApiHandler {
  private static final Errors UNKNOWN = Errors.UNKNOWN_TOPIC_OR_PARTITION;

  private final LiveCatalog catalog;
  private final TopicCatalog topics;
  private final ControlPlaneCalls calls;

  DeleteRecordsHandler(LiveCatalog catalog, TopicCatalog topics, ControlPlaneCalls calls) {
    this.catalog = catalog;
    this.topics = topics;
    this.calls = calls;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.DELETE_RECORDS;
  }

  @Override
  public Answer handle(Request request) throws InterruptedException {
    DeleteRecordsRequestData asked = ((DeleteRecordsRequest) request.body()).data();
    DeleteRecordsResponseData answer = new DeleteRecordsResponseData();
    List<RecordsBefore> deletions = new ArrayList<>();
    List<DeleteRecordsPartitionResult> told = new ArrayList<>();
    CatalogSnapshot snapshot = catalog.fresh();
    named(asked)
        .forEach(
            (name, offsets) -> {
              DeleteRecordsTopicResult topic = new DeleteRecordsTopicResult().setName(name);
              answer.topics().add(topic);
              offsets.forEach(
                  (partition, offset) -> {
                    DeleteRecordsPartitionResult result = result(partition);
                    topic.partitions().add(result);
                    Optional<Topic> known = snapshot.topic(name);
                    Errors error =
                        known
                            .map(one -> check(one, snapshot.settings(one), partition))
                            .orElse(UNKNOWN);
                    result.setErrorCode(error.code());
                    if (error == Errors.NONE) {
                      PartitionId id = new PartitionId(known.orElseThrow().id(), partition);
                      deletions.add(new RecordsBefore(id, offset));
                      told.add(result);
                    }
                  });
            });
    delete(deletions, told, asked.timeoutMs());
    return new Answer.Ready(new DeleteRecordsResponse(answer));
  }

  private static SequencedMap<String, Map<Integer, Long>> named(DeleteRecordsRequestData asked) {
    SequencedMap<String, Map<Integer, Long>> named = new LinkedHashMap<>();
    for (DeleteRecordsTopic topic : asked.topics()) {
      Map<Integer, Long> offsets = named.computeIfAbsent(topic.name(), _ -> new LinkedHashMap<>());
      for (DeleteRecordsPartition partition : topic.partitions()) {
        offsets.put(partition.partitionIndex(), partition.offset());
      }
    }
    return named;
  }

  private static Errors check(Topic topic, TopicSettings settings, int partition) {
    if (partition < 0 || partition >= topic.partitions()) {
      return UNKNOWN;
    }
    return settings.compacted() && !settings.expiring() ? Errors.POLICY_VIOLATION : Errors.NONE;
  }

  private void delete(
      List<RecordsBefore> deletions, List<DeleteRecordsPartitionResult> told, long timeoutMs)
      throws InterruptedException {
    for (int from = 0; from < deletions.size(); from += TopicCatalog.DELETIONS_MAX) {
      int to = Math.min(deletions.size(), from + TopicCatalog.DELETIONS_MAX);
      List<RecordsBefore> some = deletions.subList(from, to);
      List<DeleteOutcome> outcomes = calls.withRetries(timeoutMs, () -> topics.deleteRecords(some));
      for (int i = 0; i < outcomes.size(); i++) {
        tell(told.get(from + i), outcomes.get(i));
      }
    }
  }

  private static void tell(DeleteRecordsPartitionResult result, DeleteOutcome outcome) {
    switch (outcome) {
      case DeleteOutcome.Deleted(long logStartOffset) -> result.setLowWatermark(logStartOffset);
      case DeleteOutcome.OutOfRange outOfRange ->
          result.setErrorCode(Errors.OFFSET_OUT_OF_RANGE.code());
      case DeleteOutcome.UnknownPartition unknown -> result.setErrorCode(UNKNOWN.code());
    }
  }

  private static DeleteRecordsPartitionResult result(int partition) {
    return new DeleteRecordsPartitionResult()
        .setPartitionIndex(partition)
        .setLowWatermark(DeleteRecordsResponse.INVALID_LOW_WATERMARK);
  }
}
