package io.weft.agent.api.fetch;

import io.weft.agent.api.fetch.FetchPart.PartKey;
import io.weft.agent.fetch.FetchClient;
import io.weft.agent.fetch.FetchOrder;
import io.weft.agent.fetch.FetchOrder.Want;
import io.weft.agent.fetch.Fetched;
import io.weft.agent.fetch.Isolation;
import io.weft.agent.fetch.LogFetcher;
import io.weft.controlplane.api.Membership.Agent;
import io.weft.controlplane.api.PartitionBounds;
import io.weft.controlplane.api.TopicCatalog.Topic;
import io.weft.model.AbortedRange;
import io.weft.model.PartitionId;
import io.weft.protocol.record.StampedRecords;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData.AbortedTransaction;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.requests.FetchResponse;

/// One fetch request being answered: its partitions resolved, fetched, and turned into Kafka's
/// answers. Owned by the thread that handles the request.
final class FetchRound {
  /// From this version on a partition is named by its topic's id.
  static final short TOPIC_ID_VERSION = 13;

  /// The first version whose clients understand KAFKA_STORAGE_ERROR.
  private static final short STORAGE_ERROR_VERSION = 6;

  /// The first version whose clients understand zstd.
  private static final short ZSTD_VERSION = 10;

  private final FetchRequestData request;
  private final short version;
  private final Isolation isolation;
  private final TopicLookup topics;
  private final Function<Uuid, Optional<String>> formerName;
  private final NearestAgent nearest;

  private final List<FetchPart> wanted = new ArrayList<>();
  private final List<Want> wants = new ArrayList<>();

  /// What is answered without being fetched.
  private final SequencedMap<PartKey, PartitionData> settled = new LinkedHashMap<>();

  private final Map<Uuid, String> names = new HashMap<>();
  private boolean answersAtOnce;

  /// @param formerName the name a topic id had earlier in the request's session
  FetchRound(
      FetchRequestData request,
      short version,
      Isolation isolation,
      TopicLookup topics,
      Function<Uuid, Optional<String>> formerName,
      NearestAgent nearest) {
    this.request = request;
    this.version = version;
    this.isolation = isolation;
    this.topics = topics;
    this.formerName = formerName;
    this.nearest = nearest;
  }

  /// The names of the topic ids that were resolved.
  Map<Uuid, String> names() {
    return names;
  }

  /// Blocks for as long as the request waits and its answer is wanted.
  ///
  /// @return an answer for each part: as in Kafka those that were fetched come first
  SequencedMap<PartKey, PartitionData> serve(
      List<FetchPart> parts, LogFetcher fetcher, FetchClient client) throws InterruptedException {
    parts.forEach(this::resolve);
    FetchOrder order =
        new FetchOrder(
            wants,
            request.maxBytes(),
            request.minBytes(),
            answersAtOnce ? 0 : request.maxWaitMs(),
            isolation);
    List<Fetched> fetched = fetcher.fetch(order, client);
    SequencedMap<PartKey, PartitionData> answers = new LinkedHashMap<>();
    for (int i = 0; i < wanted.size(); i++) {
      PartKey key = wanted.get(i).key();
      answers.put(key, answer(key, fetched.get(i)));
    }
    answers.putAll(settled);
    return answers;
  }

  private void resolve(FetchPart part) {
    PartKey key = part.key();
    boolean byId = version >= TOPIC_ID_VERSION;
    if (byId && key.topicId().equals(Uuid.ZERO_UUID)) {
      fail(key, Errors.UNKNOWN_TOPIC_ID);
      return;
    }
    Optional<Topic> topic = byId ? topics.topic(key.topicId()) : topics.topic(key.topic());
    if (topic.isEmpty()) {
      fail(key, byId ? unknownId(key.topicId()) : Errors.UNKNOWN_TOPIC_OR_PARTITION);
      return;
    }
    if (byId) {
      names.put(key.topicId(), topic.get().name());
    }
    Optional<PartitionId> partition = topics.partition(topic.get(), key.partition());
    if (partition.isEmpty()) {
      fail(key, Errors.UNKNOWN_TOPIC_OR_PARTITION);
    } else if (version < ZSTD_VERSION && topics.catalog().settings(topic.get()).zstd()) {
      fail(key, Errors.UNSUPPORTED_COMPRESSION_TYPE);
    } else if (!topics.epochIsKnown(part.leaderEpoch())) {
      answersAtOnce = true;
      fail(key, Errors.UNKNOWN_LEADER_EPOCH);
    } else {
      serveOrSendAway(part, partition.get());
    }
  }

  private void serveOrSendAway(FetchPart part, PartitionId partition) {
    Optional<Agent> nearer = nearest.forPartition(partition, topics.catalog());
    if (nearer.isPresent()) {
      answersAtOnce = true;
      settled.put(
          part.key(),
          FetchResponse.partitionResponse(part.key().partition(), Errors.NONE)
              .setPreferredReadReplica(nearer.get().id().value()));
    } else {
      wanted.add(part);
      wants.add(new Want(partition, part.offset(), part.bytesMax()));
    }
  }

  /// A session may hold the id of a topic that was deleted since, and made anew under its name.
  private Errors unknownId(Uuid topicId) {
    Optional<String> name = formerName.apply(topicId);
    if (name.isEmpty()) {
      return Errors.UNKNOWN_TOPIC_ID;
    }
    if (topics.topic(name.get()).isEmpty()) {
      return Errors.UNKNOWN_TOPIC_OR_PARTITION;
    }
    answersAtOnce = true;
    return Errors.INCONSISTENT_TOPIC_ID;
  }

  private void fail(PartKey key, Errors error) {
    settled.put(
        key,
        FetchResponse.partitionResponse(
            key.partition(), topics.absent(error, Errors.NOT_LEADER_OR_FOLLOWER)));
  }

  private PartitionData answer(PartKey key, Fetched fetched) {
    return switch (fetched) {
      case Fetched.Records(
              PartitionBounds bounds,
              StampedRecords records,
              List<AbortedRange> aborted,
              _) ->
          new PartitionData()
              .setPartitionIndex(key.partition())
              .setHighWatermark(bounds.highWatermark())
              .setLastStableOffset(bounds.lastStableOffset())
              .setLogStartOffset(bounds.logStartOffset())
              .setAbortedTransactions(abortedTransactions(aborted))
              .setRecords(records.sizeInBytes() == 0 ? MemoryRecords.EMPTY : records);
      case Fetched.OutOfRange outOfRange -> error(key, Errors.OFFSET_OUT_OF_RANGE);
      case Fetched.UnknownPartition unknown ->
          error(
              key,
              key.topicId().equals(Uuid.ZERO_UUID)
                  ? Errors.UNKNOWN_TOPIC_OR_PARTITION
                  : Errors.UNKNOWN_TOPIC_ID);
      case Fetched.Unreadable unreadable ->
          error(
              key,
              version < STORAGE_ERROR_VERSION
                  ? Errors.NOT_LEADER_OR_FOLLOWER
                  : Errors.KAFKA_STORAGE_ERROR);
      case Fetched.Damaged damaged -> error(key, Errors.CORRUPT_MESSAGE);
      case Fetched.Unplaced unplaced -> error(key, Errors.NOT_LEADER_OR_FOLLOWER);
    };
  }

  /// In the order in which they ended, as in Kafka; null for a client that reads uncommitted
  /// records too.
  private List<AbortedTransaction> abortedTransactions(List<AbortedRange> aborted) {
    return switch (isolation) {
      case READ_UNCOMMITTED -> null;
      case READ_COMMITTED ->
          aborted.stream()
              .map(
                  range ->
                      new AbortedTransaction()
                          .setProducerId(range.producerId())
                          .setFirstOffset(range.firstOffset()))
              .toList();
    };
  }

  private static PartitionData error(PartKey key, Errors error) {
    return FetchResponse.partitionResponse(key.partition(), error);
  }
}
