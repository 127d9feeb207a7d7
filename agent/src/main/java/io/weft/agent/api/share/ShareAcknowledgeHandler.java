package io.weft.agent.api.share;

import io.weft.agent.api.ApiHandler;
import io.weft.agent.network.Answer;
import io.weft.agent.network.Request;
import io.weft.agent.share.Member;
import java.util.Optional;
import java.util.SequencedMap;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.message.ShareAcknowledgeResponseData;
import org.apache.kafka.common.message.ShareAcknowledgeResponseData.PartitionData;
import org.apache.kafka.common.message.ShareAcknowledgeResponseData.ShareAcknowledgeTopicResponse;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ShareAcknowledgeRequest;
import org.apache.kafka.common.requests.ShareAcknowledgeResponse;
import org.apache.kafka.common.requests.ShareRequestMetadata;

/// ShareAcknowledge, versions 1 and 2. Thread-safe.
final class ShareAcknowledgeHandler implements ApiHandler {
  private final ShareSessions sessions;
  private final Acknowledging acknowledging;
  private final LockTimes lockTimes;

  ShareAcknowledgeHandler(
      ShareSessions sessions, Acknowledging acknowledging, LockTimes lockTimes) {
    this.sessions = sessions;
    this.acknowledging = acknowledging;
    this.lockTimes = lockTimes;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.SHARE_ACKNOWLEDGE;
  }

  @Override
  public Answer handle(Request request) {
    ShareAcknowledgeRequest body = (ShareAcknowledgeRequest) request.body();
    Optional<ApiException> wrong = ShareRules.wrong(body.data().groupId(), body.data().memberId());
    if (wrong.isPresent()) {
      return new Answer.Ready(body.getErrorResponse(wrong.get()));
    }
    Member member = new Member(body.data().groupId(), body.data().memberId());
    int epoch = body.data().shareSessionEpoch();
    Optional<Errors> refused = sessions.acknowledge(member, epoch);
    if (refused.isPresent()) {
      return new Answer.Ready(body.getErrorResponse(refused.get().exception()));
    }
    SequencedMap<SharePart, Errors> results =
        acknowledging.acknowledge(
            member, PartitionAcknowledgements.of(body.data()), body.data().isRenewAck());
    if (epoch == ShareRequestMetadata.FINAL_EPOCH) {
      acknowledging.release(member, sessions.end(member));
    }
    return new Answer.Ready(response(results, lockTimes.of(member.group())));
  }

  private static ShareAcknowledgeResponse response(
      SequencedMap<SharePart, Errors> results, int lockMs) {
    ShareAcknowledgeResponseData data =
        new ShareAcknowledgeResponseData().setAcquisitionLockTimeoutMs(lockMs);
    results.forEach(
        (part, error) -> {
          ShareAcknowledgeTopicResponse topic = data.responses().find(part.topicId());
          if (topic == null) {
            topic = new ShareAcknowledgeTopicResponse().setTopicId(part.topicId());
            data.responses().add(topic);
          }
          topic
              .partitions()
              .add(
                  new PartitionData()
                      .setPartitionIndex(part.partition())
                      .setErrorCode(error.code())
                      .setErrorMessage(error == Errors.NONE ? null : error.message()));
        });
    return new ShareAcknowledgeResponse(data);
  }
}
