package io.weft.agent.api.fetch;

import io.weft.agent.api.AnswerRows;
import io.weft.agent.api.ApiHandler;
import io.weft.agent.catalog.LiveCatalog;
import io.weft.agent.fetch.Isolation;
import io.weft.agent.fetch.OffsetSearch;
import io.weft.agent.fetch.OffsetSearch.Found;
import io.weft.agent.network.Answer;
import io.weft.agent.network.Request;
import io.weft.controlplane.api.ExtentIndex.TimeQuery;
import io.weft.controlplane.api.PartitionBounds;
import io.weft.controlplane.api.TopicCatalog.Topic;
import io.weft.model.PartitionId;
import io.weft.protocol.record.StampedRecords;
import io.weft.protocol.record.TimedOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsTopicResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ListOffsetsRequest;
import org.apache.kafka.common.requests.ListOffsetsResponse;

/// ListOffsets, versions 1 to 11. Thread-safe.
///
/// There is one store and no tier below or above it: the earliest local offset is the earliest one,
/// and nothing is ever tiered or waits for it, which is answered as a Kafka broker without remote
/// storage does.
public final class ListOffsetsHandler implements ApiHandler {
  /// What one partition takes, roughly, while its offset is looked for too.
  private static final int PARTITION_BYTES = 256;

  private final LiveCatalog catalog;
  private final OffsetSearch search;

  public ListOffsetsHandler(LiveCatalog catalog, OffsetSearch search) {
    this.catalog = catalog;
    this.search = search;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.LIST_OFFSETS;
  }

  @Override
  public Answer handle(Request request) throws InterruptedException {
    ListOffsetsRequest body = (ListOffsetsRequest) request.body();
    Optional<Isolation> isolation = isolation(body.data().isolationLevel());
    if (isolation.isEmpty()) {
      return new Answer.Ready(body.getErrorResponse(Errors.INVALID_REQUEST.exception()));
    }
    long asking = body.topics().stream().mapToLong(each -> each.partitions().size()).sum();
    if (!AnswerRows.fit(request.owed(), asking + body.topics().size(), PARTITION_BYTES)) {
      return refused(body);
    }
    TopicLookup topics = new TopicLookup(catalog);
    Questions questions = new Questions(isolation.get(), leaderEpoch(body.version()));
    List<ListOffsetsTopicResponse> answers = new ArrayList<>();
    for (ListOffsetsTopic topic : body.topics()) {
      ListOffsetsTopicResponse answer = new ListOffsetsTopicResponse().setName(topic.name());
      answers.add(answer);
      for (ListOffsetsPartition asked : topic.partitions()) {
        ListOffsetsPartitionResponse told = nothing(asked.partitionIndex());
        answer.partitions().add(told);
        TopicPartition name = new TopicPartition(topic.name(), asked.partitionIndex());
        if (body.duplicatePartitions().contains(name)) {
          told.setErrorCode(Errors.INVALID_REQUEST.code());
        } else if (!isSupported(asked.timestamp(), body.version())) {
          told.setErrorCode(Errors.UNSUPPORTED_VERSION.code());
        } else {
          ask(topics, topic.name(), asked, told, questions);
        }
      }
    }
    questions.answer();
    return new Answer.Ready(
        new ListOffsetsResponse(new ListOffsetsResponseData().setTopics(answers)));
  }

  private static Answer refused(ListOffsetsRequest body) {
    List<ListOffsetsTopicResponse> answers = new ArrayList<>();
    int left = AnswerRows.REFUSED_MAX;
    for (ListOffsetsTopic topic : body.topics()) {
      if (left <= 0) {
        break;
      }
      List<ListOffsetsPartitionResponse> told =
          topic.partitions().stream()
              .limit(left)
              .map(
                  asked ->
                      nothing(asked.partitionIndex()).setErrorCode(Errors.INVALID_REQUEST.code()))
              .toList();
      answers.add(new ListOffsetsTopicResponse().setName(topic.name()).setPartitions(told));
      left -= told.size() + 1;
    }
    return new Answer.Ready(
        new ListOffsetsResponse(new ListOffsetsResponseData().setTopics(answers)));
  }

  private static void ask(
      TopicLookup topics,
      String topicName,
      ListOffsetsPartition asked,
      ListOffsetsPartitionResponse told,
      Questions questions) {
    Optional<Topic> topic = topics.topic(topicName);
    Optional<PartitionId> partition =
        topic.flatMap(known -> topics.partition(known, asked.partitionIndex()));
    if (partition.isEmpty()) {
      told.setErrorCode(
          topics.absent(Errors.UNKNOWN_TOPIC_OR_PARTITION, Errors.LEADER_NOT_AVAILABLE).code());
    } else if (!topics.epochIsKnown(asked.currentLeaderEpoch())) {
      told.setErrorCode(Errors.UNKNOWN_LEADER_EPOCH.code());
    } else {
      questions.add(partition.get(), asked.timestamp(), told);
    }
  }

  private static Optional<Isolation> isolation(byte level) {
    return switch (level) {
      case 0 -> Optional.of(Isolation.READ_UNCOMMITTED);
      case 1 -> Optional.of(Isolation.READ_COMMITTED);
      default -> Optional.empty();
    };
  }

  /// Whether this version has this special time; ordinary times it always has.
  private static boolean isSupported(long timestamp, short version) {
    if (timestamp >= 0) {
      return true;
    }
    if (timestamp == ListOffsetsRequest.EARLIEST_TIMESTAMP
        || timestamp == ListOffsetsRequest.LATEST_TIMESTAMP) {
      return true;
    }
    return (timestamp == ListOffsetsRequest.MAX_TIMESTAMP && version >= 7)
        || (timestamp == ListOffsetsRequest.EARLIEST_LOCAL_TIMESTAMP && version >= 8)
        || (timestamp == ListOffsetsRequest.LATEST_TIERED_TIMESTAMP && version >= 9)
        || (timestamp == ListOffsetsRequest.EARLIEST_PENDING_UPLOAD_TIMESTAMP && version >= 11);
  }

  /// Answers before version 4 have no room for one.
  private static int leaderEpoch(short version) {
    return version >= 4 ? StampedRecords.LEADER_EPOCH : ListOffsetsResponse.UNKNOWN_EPOCH;
  }

  private static ListOffsetsPartitionResponse nothing(int partition) {
    return new ListOffsetsPartitionResponse()
        .setPartitionIndex(partition)
        .setTimestamp(ListOffsetsResponse.UNKNOWN_TIMESTAMP)
        .setOffset(ListOffsetsResponse.UNKNOWN_OFFSET)
        .setLeaderEpoch(ListOffsetsResponse.UNKNOWN_EPOCH);
  }

  /// The questions of one request, asked together.
  private final class Questions {
    private final Isolation isolation;
    private final int leaderEpoch;
    private final List<PartitionId> boundsOf = new ArrayList<>();
    private final List<Told> boundsTold = new ArrayList<>();
    private final List<TimeQuery> times = new ArrayList<>();
    private final List<Told> timesTold = new ArrayList<>();

    private record Told(long timestamp, ListOffsetsPartitionResponse response) {}

    Questions(Isolation isolation, int leaderEpoch) {
      this.isolation = isolation;
      this.leaderEpoch = leaderEpoch;
    }

    void add(PartitionId partition, long timestamp, ListOffsetsPartitionResponse response) {
      Told told = new Told(timestamp, response);
      if (timestamp >= 0) {
        times.add(new TimeQuery(partition, timestamp));
        timesTold.add(told);
      } else if (timestamp == ListOffsetsRequest.MAX_TIMESTAMP) {
        times.add(new TimeQuery(partition, TimeQuery.MAX_TIMESTAMP));
        timesTold.add(told);
      } else {
        boundsOf.add(partition);
        boundsTold.add(told);
      }
    }

    void answer() throws InterruptedException {
      List<Found> bounds = boundsOf.isEmpty() ? List.of() : search.bounds(boundsOf);
      for (int i = 0; i < bounds.size(); i++) {
        tell(boundsTold.get(i), bounds.get(i));
      }
      List<Found> records = times.isEmpty() ? List.of() : search.byTime(times);
      for (int i = 0; i < records.size(); i++) {
        tell(timesTold.get(i), records.get(i));
      }
    }

    private void tell(Told told, Found found) {
      switch (found) {
        case Found.Bounds(PartitionBounds bounds) -> tellBound(told, bounds);
        case Found.Located(PartitionBounds bounds, TimedOffset record) -> {
          if (record.offset() < isolation.end(bounds)) {
            tellOffset(told, record.offset(), record.timestampMs());
          }
        }
        case Found.NoRecord none -> {}
        case Found.UnknownPartition unknown ->
            told.response().setErrorCode(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
        case Found.Unreadable unreadable ->
            told.response().setErrorCode(Errors.KAFKA_STORAGE_ERROR.code());
        case Found.Unplaced unplaced ->
            told.response().setErrorCode(Errors.LEADER_NOT_AVAILABLE.code());
      }
    }

    private void tellBound(Told told, PartitionBounds bounds) {
      if (told.timestamp() == ListOffsetsRequest.EARLIEST_TIMESTAMP
          || told.timestamp() == ListOffsetsRequest.EARLIEST_LOCAL_TIMESTAMP) {
        tellOffset(told, bounds.logStartOffset(), ListOffsetsResponse.UNKNOWN_TIMESTAMP);
      } else if (told.timestamp() == ListOffsetsRequest.LATEST_TIMESTAMP) {
        tellOffset(told, isolation.end(bounds), ListOffsetsResponse.UNKNOWN_TIMESTAMP);
      }
    }

    private void tellOffset(Told told, long offset, long timestampMs) {
      told.response().setOffset(offset).setTimestamp(timestampMs).setLeaderEpoch(leaderEpoch);
    }
  }
}
