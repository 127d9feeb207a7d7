package io.weft.agent.api.share;

import io.weft.agent.api.ApiHandler;
import io.weft.agent.api.fetch.RequestClient;
import io.weft.agent.catalog.LiveCatalog;
import io.weft.agent.network.Answer;
import io.weft.agent.network.ClientConnection;
import io.weft.agent.network.OwedAnswer;
import io.weft.agent.network.Request;
import io.weft.agent.share.Member;
import io.weft.agent.share.ShareFetcher;
import io.weft.environment.Environment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.message.ShareFetchRequestData;
import org.apache.kafka.common.message.ShareFetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.requests.ShareFetchRequest;
import org.apache.kafka.common.requests.ShareFetchResponse;

/// ShareFetch, versions 1 and 2. Thread-safe; blocks the connection while it waits for records, as
/// a Kafka broker does.
///
/// The number of records is a limit in both acquire modes: an acquisition may end inside a batch,
/// and the rest of the batch is sent again with the next one.
final class ShareFetchHandler implements ApiHandler {
  /// How long a client without a session slot is kept waiting, at most.
  private static final long IDLE_MS_MAX = 5_000;

  /// Answers name topics by id only.
  private static final String NO_NAME = "";

  private final LiveCatalog catalog;
  private final ShareFetcher fetcher;
  private final ShareSessions sessions;
  private final Acknowledging acknowledging;
  private final LockTimes lockTimes;
  private final Environment environment;

  ShareFetchHandler(
      LiveCatalog catalog,
      ShareFetcher fetcher,
      ShareSessions sessions,
      Acknowledging acknowledging,
      LockTimes lockTimes,
      Environment environment) {
    this.catalog = catalog;
    this.fetcher = fetcher;
    this.sessions = sessions;
    this.acknowledging = acknowledging;
    this.lockTimes = lockTimes;
    this.environment = environment;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.SHARE_FETCH;
  }

  @Override
  public void connectionEnded(ClientConnection client) {
    sessions
        .endThoseOf(client.id())
        .forEach(session -> acknowledging.release(session.member(), session.parts()));
  }

  @Override
  public Answer handle(Request request) throws InterruptedException {
    ShareFetchRequest body = (ShareFetchRequest) request.body();
    ShareFetchRequestData data = body.data();
    Optional<ApiException> wrong = ShareRules.wrong(data);
    if (wrong.isPresent()) {
      return new Answer.Ready(body.getErrorResponse(wrong.get()));
    }
    Member member = new Member(data.groupId(), data.memberId());
    List<PartitionAcknowledgements> said = PartitionAcknowledgements.of(data);
    ShareTurn turn =
        sessions.begin(
            new ShareSession(member, request.client().id()),
            data.shareSessionEpoch(),
            named(data),
            forgotten(data),
            !said.isEmpty());
    SequencedMap<SharePart, PartitionData> answers;
    switch (turn) {
      case ShareTurn.Refused(Errors error) -> {
        if (error == Errors.SHARE_SESSION_LIMIT_REACHED) {
          long idleMs = Math.clamp(data.maxWaitMs(), 0, IDLE_MS_MAX);
          request.owed().whileWanted(() -> environment.tasks().sleepMs(idleMs));
        }
        return new Answer.Ready(body.getErrorResponse(error.exception()));
      }
      case ShareTurn.Last _ -> {
        answers = new LinkedHashMap<>();
        tell(acknowledging.acknowledge(member, said, data.isRenewAck()), answers);
        acknowledging.release(member, sessions.end(member));
      }
      case ShareTurn.Fetching(List<SharePart> parts, boolean first) -> {
        SequencedMap<SharePart, Errors> told =
            acknowledging.acknowledge(member, said, data.isRenewAck());
        answers =
            data.isRenewAck()
                ? new LinkedHashMap<>()
                : served(member, data, parts, first, request.owed());
        tell(told, answers);
      }
    }
    return new Answer.Ready(response(answers, lockTimes.of(member.group())));
  }

  private SequencedMap<SharePart, PartitionData> served(
      Member member,
      ShareFetchRequestData data,
      List<SharePart> parts,
      boolean first,
      OwedAnswer owed)
      throws InterruptedException {
    RequestClient client = RequestClient.of(owed, parts.size());
    ShareRound.Served served = new ShareRound(catalog, fetcher).serve(member, data, parts, client);
    served.lockMs().ifPresent(lockMs -> lockTimes.put(member.group(), lockMs));
    SequencedMap<SharePart, PartitionData> answers = served.answers();
    if (!first) {
      answers
          .values()
          .removeIf(
              answer ->
                  answer.errorCode() == Errors.NONE.code() && answer.acquiredRecords().isEmpty());
    }
    return answers;
  }

  private static void tell(
      SequencedMap<SharePart, Errors> told, SequencedMap<SharePart, PartitionData> answers) {
    told.forEach(
        (part, error) ->
            answers
                .computeIfAbsent(
                    part,
                    _ ->
                        new PartitionData()
                            .setPartitionIndex(part.partition())
                            .setRecords(MemoryRecords.EMPTY))
                .setAcknowledgeErrorCode(error.code())
                .setAcknowledgeErrorMessage(error == Errors.NONE ? null : error.message()));
  }

  private static List<SharePart> named(ShareFetchRequestData data) {
    List<SharePart> named = new ArrayList<>();
    data.topics()
        .forEach(
            topic ->
                topic
                    .partitions()
                    .forEach(
                        partition ->
                            named.add(new SharePart(topic.topicId(), partition.partitionIndex()))));
    return named;
  }

  private static List<SharePart> forgotten(ShareFetchRequestData data) {
    List<SharePart> forgotten = new ArrayList<>();
    data.forgottenTopicsData()
        .forEach(
            topic ->
                topic
                    .partitions()
                    .forEach(number -> forgotten.add(new SharePart(topic.topicId(), number))));
    return forgotten;
  }

  private static ShareFetchResponse response(
      SequencedMap<SharePart, PartitionData> answers, int lockMs) {
    LinkedHashMap<TopicIdPartition, PartitionData> partitions = new LinkedHashMap<>();
    answers.forEach(
        (part, answer) ->
            partitions.put(
                new TopicIdPartition(part.topicId(), part.partition(), NO_NAME), answer));
    return ShareFetchResponse.of(Errors.NONE, 0, partitions, List.of(), lockMs);
  }
}
