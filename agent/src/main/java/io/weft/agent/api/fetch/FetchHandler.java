package io.weft.agent.api.fetch;

import io.weft.agent.api.ApiHandler;
import io.weft.agent.api.fetch.FetchPart.PartKey;
import io.weft.agent.catalog.LiveCatalog;
import io.weft.agent.fetch.Isolation;
import io.weft.agent.fetch.LogFetcher;
import io.weft.agent.network.Answer;
import io.weft.agent.network.OwedAnswer;
import io.weft.agent.network.Request;
import io.weft.model.Zone;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchRequestData.ForgottenTopic;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FetchMetadata;
import org.apache.kafka.common.requests.FetchRequest;
import org.apache.kafka.common.requests.FetchResponse;

/// Fetch, versions 4 to 18. Thread-safe; blocks the connection while it waits for records, as a
/// Kafka broker does.
///
/// Followers are refused: nobody replicates from here. Consumers that name a rack where there are
/// other agents are sent to one of those ([NearestAgent]).
public final class FetchHandler implements ApiHandler {
  private final LiveCatalog catalog;
  private final LogFetcher fetcher;
  private final FetchSessions sessions;
  private final Zone zone;

  /// @param zone this agent's
  public FetchHandler(LiveCatalog catalog, LogFetcher fetcher, FetchSessions sessions, Zone zone) {
    this.catalog = catalog;
    this.fetcher = fetcher;
    this.sessions = sessions;
    this.zone = zone;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.FETCH;
  }

  @Override
  public Answer handle(Request request) throws InterruptedException {
    FetchRequest body = (FetchRequest) request.body();
    if (body.isFromFollower()) {
      return refused(body, Errors.CLUSTER_AUTHORIZATION_FAILED);
    }
    Optional<Isolation> isolation = isolation(body.data().isolationLevel());
    if (isolation.isEmpty()) {
      return refused(body, Errors.INVALID_REQUEST);
    }
    FetchTurn turn =
        sessions.begin(
            body.metadata(),
            body.version() >= FetchRound.TOPIC_ID_VERSION,
            parts(body),
            forgotten(body));
    return new Answer.Ready(
        switch (turn) {
          case FetchTurn.Refused(Errors error) ->
              response(error, FetchMetadata.INVALID_SESSION_ID, Map.of(), List.of());
          case FetchTurn.Single single ->
              single(single, round(request, isolation.get(), turn), request.owed());
          case FetchTurn.Full full ->
              full(full, round(request, isolation.get(), turn), request.owed());
          case FetchTurn.Incremental incremental ->
              incremental(incremental, round(request, isolation.get(), turn), request.owed());
        });
  }

  private FetchResponse single(FetchTurn.Single turn, FetchRound round, OwedAnswer owed)
      throws InterruptedException {
    SequencedMap<PartKey, PartitionData> answers =
        served(List.copyOf(turn.parts().sequencedValues()), round, owed);
    return response(
        Errors.NONE, FetchMetadata.INVALID_SESSION_ID, answers, answers.sequencedKeySet());
  }

  private FetchResponse full(FetchTurn.Full turn, FetchRound round, OwedAnswer owed)
      throws InterruptedException {
    SequencedMap<PartKey, PartitionData> answers =
        served(List.copyOf(turn.parts().sequencedValues()), round, owed);
    int sessionId = sessions.create(turn, answers, round.names());
    return response(Errors.NONE, sessionId, answers, answers.sequencedKeySet());
  }

  private FetchResponse incremental(FetchTurn.Incremental turn, FetchRound round, OwedAnswer owed)
      throws InterruptedException {
    SequencedMap<PartKey, PartitionData> answers = served(turn.parts(), round, owed);
    int sessionId = turn.session().id();
    return sessions
        .news(turn, answers, round.names())
        .map(news -> response(Errors.NONE, sessionId, answers, news))
        .orElseGet(
            () -> response(Errors.INVALID_FETCH_SESSION_EPOCH, sessionId, Map.of(), List.of()));
  }

  private SequencedMap<PartKey, PartitionData> served(
      List<FetchPart> parts, FetchRound round, OwedAnswer owed) throws InterruptedException {
    return round.serve(parts, fetcher, RequestClient.of(owed, parts.size()));
  }

  private FetchRound round(Request request, Isolation isolation, FetchTurn turn) {
    FetchRequest body = (FetchRequest) request.body();
    return new FetchRound(
        body.data(),
        body.version(),
        isolation,
        new TopicLookup(catalog),
        topicId ->
            turn instanceof FetchTurn.Incremental incremental
                ? sessions.nameOf(incremental.session(), topicId)
                : Optional.empty(),
        NearestAgent.of(request, zone));
  }

  /// A partition named twice counts once, as it was named last.
  private static SequencedMap<PartKey, FetchPart> parts(FetchRequest body) {
    boolean byId = body.version() >= FetchRound.TOPIC_ID_VERSION;
    SequencedMap<PartKey, FetchPart> parts = new LinkedHashMap<>();
    for (FetchTopic topic : body.data().topics()) {
      for (var partition : topic.partitions()) {
        PartKey key = PartKey.of(byId, topic.topicId(), topic.topic(), partition.partition());
        parts.put(
            key,
            new FetchPart(
                key,
                partition.fetchOffset(),
                partition.partitionMaxBytes(),
                partition.currentLeaderEpoch()));
      }
    }
    return parts;
  }

  private static List<PartKey> forgotten(FetchRequest body) {
    boolean byId = body.version() >= FetchRound.TOPIC_ID_VERSION;
    List<PartKey> forgotten = new ArrayList<>();
    for (ForgottenTopic topic : body.data().forgottenTopicsData()) {
      for (int partition : topic.partitions()) {
        forgotten.add(PartKey.of(byId, topic.topicId(), topic.topic(), partition));
      }
    }
    return forgotten;
  }

  private static Optional<Isolation> isolation(byte level) {
    return switch (level) {
      case 0 -> Optional.of(Isolation.READ_UNCOMMITTED);
      case 1 -> Optional.of(Isolation.READ_COMMITTED);
      default -> Optional.empty();
    };
  }

  private static Answer refused(FetchRequest body, Errors error) {
    return new Answer.Ready(body.getErrorResponse(error.exception()));
  }

  private static FetchResponse response(
      Errors error, int sessionId, Map<PartKey, PartitionData> answers, Collection<PartKey> told) {
    LinkedHashMap<TopicIdPartition, PartitionData> partitions = new LinkedHashMap<>();
    for (PartKey key : told) {
      partitions.put(
          new TopicIdPartition(key.topicId(), new TopicPartition(key.topic(), key.partition())),
          answers.get(key));
    }
    return FetchResponse.of(error, 0, sessionId, partitions, List.of());
  }
}
