package io.weft.agent.api.share;

import io.weft.agent.api.fetch.TopicLookup;
import io.weft.agent.catalog.LiveCatalog;
import io.weft.agent.fetch.FetchClient;
import io.weft.agent.share.Member;
import io.weft.agent.share.ShareFetchOrder;
import io.weft.agent.share.ShareFetched;
import io.weft.agent.share.ShareFetcher;
import io.weft.controlplane.api.ShareGroups.AcquiredRun;
import io.weft.controlplane.api.TopicCatalog.Topic;
import io.weft.model.PartitionId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.apache.kafka.common.message.ShareFetchRequestData;
import org.apache.kafka.common.message.ShareFetchResponseData.AcquiredRecords;
import org.apache.kafka.common.message.ShareFetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;

/// One share fetch request being answered: its partitions resolved, fetched, and turned into
/// Kafka's answers. Owned by the thread that handles the request.
final class ShareRound {
  private final TopicLookup topics;
  private final ShareFetcher fetcher;
  private final SequencedMap<SharePart, PartitionData> answers = new LinkedHashMap<>();
  private final SequencedMap<PartitionId, SharePart> wanted = new LinkedHashMap<>();

  ShareRound(LiveCatalog catalog, ShareFetcher fetcher) {
    this.topics = new TopicLookup(catalog);
    this.fetcher = fetcher;
  }

  /// @param lockMs how long the member may keep the records, if it has got any
  record Served(SequencedMap<SharePart, PartitionData> answers, Optional<Integer> lockMs) {}

  /// Blocks for as long as the request waits.
  ///
  /// @return an answer for each partition
  Served serve(
      Member member, ShareFetchRequestData request, List<SharePart> parts, FetchClient client)
      throws InterruptedException {
    parts.forEach(this::resolve);
    if (wanted.isEmpty()) {
      return new Served(answers, Optional.empty());
    }
    ShareFetchOrder order =
        new ShareFetchOrder(
            member,
            List.copyOf(wanted.sequencedKeySet()),
            request.maxRecords(),
            request.maxBytes(),
            request.minBytes(),
            request.maxWaitMs());
    ShareFetcher.Served served = fetcher.fetch(order, client);
    for (Map.Entry<PartitionId, ShareFetched> each : served.partitions().entrySet()) {
      SharePart part = wanted.get(each.getKey());
      answers.put(part, answer(part, each.getValue()));
    }
    return new Served(answers, served.lockMs());
  }

  private void resolve(SharePart part) {
    Optional<Topic> topic = topics.topic(part.topicId());
    if (topic.isEmpty()) {
      Errors error = topics.absent(Errors.UNKNOWN_TOPIC_ID, Errors.NOT_LEADER_OR_FOLLOWER);
      answers.put(part, refused(part, error));
      return;
    }
    Optional<PartitionId> id = topics.partition(topic.get(), part.partition());
    if (id.isEmpty()) {
      Errors error =
          topics.absent(Errors.UNKNOWN_TOPIC_OR_PARTITION, Errors.NOT_LEADER_OR_FOLLOWER);
      answers.put(part, refused(part, error));
    } else {
      wanted.put(id.get(), part);
    }
  }

  private static PartitionData answer(SharePart part, ShareFetched fetched) {
    return switch (fetched) {
      case ShareFetched.Records(var records, List<AcquiredRun> acquired) ->
          nothing(part)
              .setRecords(records)
              .setAcquiredRecords(acquired.stream().map(ShareRound::acquiredRecords).toList());
      case ShareFetched.Nothing _ -> nothing(part);
      case ShareFetched.NotBegun _ -> refused(part, Errors.UNKNOWN_TOPIC_OR_PARTITION);
      case ShareFetched.UnknownPartition _ -> refused(part, Errors.UNKNOWN_TOPIC_ID);
      case ShareFetched.Unreadable _ -> refused(part, Errors.KAFKA_STORAGE_ERROR);
      case ShareFetched.Damaged _ -> refused(part, Errors.CORRUPT_MESSAGE);
      case ShareFetched.Unplaced _ -> refused(part, Errors.NOT_LEADER_OR_FOLLOWER);
    };
  }

  private static AcquiredRecords acquiredRecords(AcquiredRun run) {
    return new AcquiredRecords()
        .setFirstOffset(run.firstOffset())
        .setLastOffset(run.lastOffset())
        .setDeliveryCount((short) run.deliveries());
  }

  private static PartitionData refused(SharePart part, Errors error) {
    return nothing(part).setErrorCode(error.code()).setErrorMessage(error.message());
  }

  private static PartitionData nothing(SharePart part) {
    return new PartitionData().setPartitionIndex(part.partition()).setRecords(MemoryRecords.EMPTY);
  }
}
