package io.weft.agent.api.topics;

import io.weft.agent.api.ApiHandler;
import io.weft.agent.api.Permitted;
import io.weft.agent.catalog.CatalogSnapshot;
import io.weft.agent.catalog.ClientRoute;
import io.weft.agent.catalog.LiveCatalog;
import io.weft.agent.network.Answer;
import io.weft.agent.network.Request;
import io.weft.controlplane.api.TopicCatalog.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData;
import org.apache.kafka.common.message.DescribeTopicPartitionsRequestData.TopicRequest;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.Cursor;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponsePartition;
import org.apache.kafka.common.message.DescribeTopicPartitionsResponseData.DescribeTopicPartitionsResponseTopic;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DescribeTopicPartitionsRequest;
import org.apache.kafka.common.requests.DescribeTopicPartitionsResponse;

/// DescribeTopicPartitions (KIP-966): topics in name order, some partitions at a time. Thread-safe.
final class DescribeTopicPartitionsHandler implements ApiHandler {
  /// As `max.request.partition.size.limit`.
  private static final int PARTITIONS_PER_ANSWER_MAX = 2_000;

  private final LiveCatalog catalog;

  DescribeTopicPartitionsHandler(LiveCatalog catalog) {
    this.catalog = catalog;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.DESCRIBE_TOPIC_PARTITIONS;
  }

  @Override
  public Answer handle(Request request) throws InterruptedException {
    DescribeTopicPartitionsRequest body = (DescribeTopicPartitionsRequest) request.body();
    DescribeTopicPartitionsRequestData asked = body.data();
    DescribeTopicPartitionsRequestData.Cursor cursor = asked.cursor();
    if (cursor != null && cursor.partitionIndex() < 0) {
      return refused(body, "The cursor's partition must not be negative: " + cursor);
    }
    CatalogSnapshot snapshot = catalog.fresh();
    boolean all = asked.topics().isEmpty();
    NavigableSet<String> names = new TreeSet<>();
    if (all) {
      snapshot.topics().forEach(topic -> names.add(topic.name()));
    } else {
      asked.topics().stream().map(TopicRequest::name).forEach(names::add);
      if (cursor != null && !names.contains(cursor.topicName())) {
        return refused(body, "The topics do not contain the cursor's: " + cursor.topicName());
      }
    }
    NavigableSet<String> rest = cursor == null ? names : names.tailSet(cursor.topicName(), true);
    PartitionView view =
        new PartitionView(
            snapshot, ClientRoute.of(request.header().clientId(), request.client().listener()));
    int limit = Math.clamp(asked.responsePartitionLimit(), 1, PARTITIONS_PER_ANSWER_MAX);
    request.owed().makeRoom(AnswerBytes.ofPartitions(limit) + AnswerBytes.ofMissing(limit));
    return new Answer.Ready(
        new DescribeTopicPartitionsResponse(page(rest, cursor, snapshot, view, limit)));
  }

  private static DescribeTopicPartitionsResponseData page(
      NavigableSet<String> names,
      DescribeTopicPartitionsRequestData.Cursor cursor,
      CatalogSnapshot snapshot,
      PartitionView view,
      int limit) {
    DescribeTopicPartitionsResponseData page = new DescribeTopicPartitionsResponseData();
    int room = limit;
    for (String name : names) {
      if (room == 0) {
        return page.setNextCursor(new Cursor().setTopicName(name).setPartitionIndex(0));
      }
      Optional<Topic> topic = snapshot.topic(name);
      if (topic.isEmpty()) {
        page.topics().add(missing(name));
        continue;
      }
      boolean resumed = cursor != null && cursor.topicName().equals(name);
      int first = resumed ? cursor.partitionIndex() : 0;
      int end = (int) Math.min(topic.get().partitions(), (long) first + room);
      page.topics().add(shown(topic.get(), first, end, view));
      room -= Math.max(0, end - first);
      if (end < topic.get().partitions()) {
        return page.setNextCursor(new Cursor().setTopicName(name).setPartitionIndex(end));
      }
    }
    return page;
  }

  private static DescribeTopicPartitionsResponseTopic shown(
      Topic topic, int first, int end, PartitionView view) {
    List<DescribeTopicPartitionsResponsePartition> partitions = new ArrayList<>();
    for (int i = first; i < end; i++) {
      int leader = view.leader(topic, i);
      List<Integer> replicas = view.replicas(topic, leader);
      Errors error = leader == PartitionView.NO_LEADER ? Errors.LEADER_NOT_AVAILABLE : Errors.NONE;
      partitions.add(
          new DescribeTopicPartitionsResponsePartition()
              .setErrorCode(error.code())
              .setPartitionIndex(i)
              .setLeaderId(leader)
              .setLeaderEpoch(view.leaderEpoch())
              .setReplicaNodes(replicas)
              .setIsrNodes(replicas)
              .setEligibleLeaderReplicas(List.of())
              .setLastKnownElr(List.of()));
    }
    return new DescribeTopicPartitionsResponseTopic()
        .setName(topic.name())
        .setTopicId(PartitionView.uuid(topic.id()))
        .setPartitions(partitions)
        .setTopicAuthorizedOperations(Permitted.ON_TOPIC);
  }

  private static DescribeTopicPartitionsResponseTopic missing(String name) {
    Errors error =
        TopicNames.flaw(name).isPresent()
            ? Errors.INVALID_TOPIC_EXCEPTION
            : Errors.UNKNOWN_TOPIC_OR_PARTITION;
    return new DescribeTopicPartitionsResponseTopic()
        .setName(name)
        .setErrorCode(error.code())
        .setTopicAuthorizedOperations(Permitted.ON_TOPIC);
  }

  private static Answer refused(DescribeTopicPartitionsRequest body, String message) {
    return new Answer.Ready(body.getErrorResponse(new InvalidRequestException(message)));
  }
}
