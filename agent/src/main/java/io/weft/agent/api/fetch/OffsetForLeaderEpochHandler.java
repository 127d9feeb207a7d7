package io.weft.agent.api.fetch;

import io.weft.agent.api.AnswerRows;
import io.weft.agent.api.ApiHandler;
import io.weft.agent.catalog.LiveCatalog;
import io.weft.agent.fetch.OffsetSearch;
import io.weft.agent.fetch.OffsetSearch.Found;
import io.weft.agent.network.Answer;
import io.weft.agent.network.Request;
import io.weft.controlplane.api.PartitionBounds;
import io.weft.model.PartitionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderPartition;
import org.apache.kafka.common.message.OffsetForLeaderEpochRequestData.OffsetForLeaderTopic;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.EpochEndOffset;
import org.apache.kafka.common.message.OffsetForLeaderEpochResponseData.OffsetForLeaderTopicResult;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.OffsetsForLeaderEpochRequest;
import org.apache.kafka.common.requests.OffsetsForLeaderEpochResponse;

/// OffsetForLeaderEpoch, versions 2 to 4: where the log of a former leader's epoch ended, which is
/// how a consumer finds out that the log was cut behind it. Thread-safe.
///
/// Here no log is ever cut: whatever epoch there has been, nothing that was read of it has gone,
/// and its end is the high watermark.
public final class OffsetForLeaderEpochHandler implements ApiHandler {
  /// What one partition takes, roughly, while its end is looked for too.
  private static final int PARTITION_BYTES = 256;

  private final LiveCatalog catalog;
  private final OffsetSearch search;

  public OffsetForLeaderEpochHandler(LiveCatalog catalog, OffsetSearch search) {
    this.catalog = catalog;
    this.search = search;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.OFFSET_FOR_LEADER_EPOCH;
  }

  @Override
  public Answer handle(Request request) throws InterruptedException {
    OffsetsForLeaderEpochRequest body = (OffsetsForLeaderEpochRequest) request.body();
    long asking = body.data().topics().stream().mapToLong(each -> each.partitions().size()).sum();
    if (!AnswerRows.fit(request.owed(), asking + body.data().topics().size(), PARTITION_BYTES)) {
      return refused(body);
    }
    TopicLookup topics = new TopicLookup(catalog);
    OffsetForLeaderEpochResponseData response = new OffsetForLeaderEpochResponseData();
    List<PartitionId> partitions = new ArrayList<>();
    List<EpochEndOffset> ends = new ArrayList<>();
    for (OffsetForLeaderTopic topic : body.data().topics()) {
      OffsetForLeaderTopicResult result = new OffsetForLeaderTopicResult().setTopic(topic.topic());
      response.topics().add(result);
      for (OffsetForLeaderPartition asked : topic.partitions()) {
        EpochEndOffset end = nothing(asked.partition());
        result.partitions().add(end);
        Optional<PartitionId> partition =
            topics
                .topic(topic.topic())
                .flatMap(known -> topics.partition(known, asked.partition()));
        if (partition.isEmpty()) {
          end.setErrorCode(
              topics.absent(Errors.UNKNOWN_TOPIC_OR_PARTITION, Errors.LEADER_NOT_AVAILABLE).code());
        } else if (!topics.epochIsKnown(asked.currentLeaderEpoch())) {
          end.setErrorCode(Errors.UNKNOWN_LEADER_EPOCH.code());
        } else if (asked.leaderEpoch() >= 0 && topics.epochIsKnown(asked.leaderEpoch())) {
          end.setLeaderEpoch(asked.leaderEpoch());
          partitions.add(partition.get());
          ends.add(end);
        } else if (asked.leaderEpoch() >= 0) {
          // No end would be taken for a truncated log, so it is said of certain knowledge only.
          end.setErrorCode(topics.absent(Errors.NONE, Errors.LEADER_NOT_AVAILABLE).code());
        }
      }
    }
    tell(ends, search.bounds(partitions));
    return new Answer.Ready(new OffsetsForLeaderEpochResponse(response));
  }

  private static Answer refused(OffsetsForLeaderEpochRequest body) {
    OffsetForLeaderEpochResponseData response = new OffsetForLeaderEpochResponseData();
    int left = AnswerRows.REFUSED_MAX;
    for (OffsetForLeaderTopic topic : body.data().topics()) {
      if (left <= 0) {
        break;
      }
      List<EpochEndOffset> ends =
          topic.partitions().stream()
              .limit(left)
              .map(asked -> nothing(asked.partition()).setErrorCode(Errors.INVALID_REQUEST.code()))
              .toList();
      response
          .topics()
          .add(new OffsetForLeaderTopicResult().setTopic(topic.topic()).setPartitions(ends));
      left -= ends.size() + 1;
    }
    return new Answer.Ready(new OffsetsForLeaderEpochResponse(response));
  }

  private static void tell(List<EpochEndOffset> ends, List<Found> found) {
    for (int i = 0; i < ends.size(); i++) {
      EpochEndOffset end = ends.get(i);
      switch (found.get(i)) {
        case Found.Bounds(PartitionBounds bounds) -> end.setEndOffset(bounds.highWatermark());
        case Found.UnknownPartition unknown -> fail(end, Errors.UNKNOWN_TOPIC_OR_PARTITION);
        case Found.Unplaced unplaced -> fail(end, Errors.LEADER_NOT_AVAILABLE);
        case Found.Unreadable unreadable -> fail(end, Errors.LEADER_NOT_AVAILABLE);
        case Found.Located located -> end.setEndOffset(located.bounds().highWatermark());
        case Found.NoRecord none -> end.setEndOffset(none.bounds().highWatermark());
      }
    }
  }

  private static void fail(EpochEndOffset end, Errors error) {
    end.setErrorCode(error.code()).setLeaderEpoch(OffsetsForLeaderEpochResponse.UNDEFINED_EPOCH);
  }

  private static EpochEndOffset nothing(int partition) {
    return new EpochEndOffset()
        .setPartition(partition)
        .setLeaderEpoch(OffsetsForLeaderEpochResponse.UNDEFINED_EPOCH)
        .setEndOffset(OffsetsForLeaderEpochResponse.UNDEFINED_EPOCH_OFFSET);
  }
}
