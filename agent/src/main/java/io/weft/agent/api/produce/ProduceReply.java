package io.weft.agent.api.produce;

import io.weft.agent.produce.ProduceOutcome;
import io.weft.protocol.record.RecordFlaw;
import io.weft.protocol.record.Verification;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.BatchIndexAndErrorMessage;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ProduceResponse;

/// The answer to one produce request while it is being filled in: a row per partition, in the
/// request's order. Owned by one thread at a time.
final class ProduceReply {
  static final long UNKNOWN = -1;

  /// The most records that one answer names: they take more room than the request has for them.
  static final int FLAWS_MAX = Verification.FLAWS_MAX;

  /// What the naming of a record takes besides its message.
  private static final int FLAW_BYTES = 160;

  private final ProduceResponseData data = new ProduceResponseData();
  private final List<PartitionProduceResponse> rows = new ArrayList<>();
  private final short version;
  private int flawsLeft = FLAWS_MAX;
  private long flawBytes;

  private ProduceReply(short version) {
    this.version = version;
  }

  /// One row for each partition of the request, without an outcome yet.
  static ProduceReply to(ProduceRequestData request, short version) {
    ProduceReply reply = new ProduceReply(version);
    for (TopicProduceData topic : request.topicData()) {
      List<PartitionProduceResponse> partitions = new ArrayList<>();
      for (PartitionProduceData partition : topic.partitionData()) {
        partitions.add(
            new PartitionProduceResponse()
                .setIndex(partition.index())
                .setBaseOffset(UNKNOWN)
                .setLogAppendTimeMs(UNKNOWN)
                .setLogStartOffset(UNKNOWN));
      }
      reply.rows.addAll(partitions);
      reply
          .data
          .responses()
          .add(
              new TopicProduceResponse()
                  .setName(topic.name())
                  .setTopicId(topic.topicId())
                  .setPartitionResponses(partitions));
    }
    return reply;
  }

  boolean byTopicId() {
    return version >= ProduceErrors.VERSION_TOPIC_ID;
  }

  void refuse(int row, Errors error) {
    rows.get(row).setErrorCode(error.code());
  }

  void refuseAll(Errors error) {
    for (int row = 0; row < rows.size(); row++) {
      refuse(row, error);
    }
  }

  void refuse(int row, Verification.Refused refusal) {
    PartitionProduceResponse response =
        rows.get(row)
            .setErrorCode(ProduceErrors.of(refusal.reason()).code())
            .setErrorMessage(refusal.message());
    for (RecordFlaw flaw : refusal.flaws()) {
      if (flawsLeft == 0) {
        return;
      }
      flawsLeft--;
      flawBytes += FLAW_BYTES + 2L * flaw.message().length();
      response
          .recordErrors()
          .add(
              new BatchIndexAndErrorMessage()
                  .setBatchIndex(flaw.index())
                  .setBatchIndexErrorMessage(flaw.message()));
    }
  }

  void settle(int row, ProduceOutcome outcome) {
    switch (outcome) {
      case ProduceOutcome.Judged judged ->
          rows.get(row)
              .setErrorCode(ProduceErrors.of(judged.verdict(), version).code())
              .setBaseOffset(judged.baseOffset())
              .setLogAppendTimeMs(judged.logAppendTimeMs())
              .setLogStartOffset(judged.logStartOffset());
      case ProduceOutcome.NotAppended(ProduceOutcome.Cause cause) ->
          refuse(row, ProduceErrors.of(cause));
      case ProduceOutcome.Unknown() -> refuse(row, Errors.REQUEST_TIMED_OUT);
    }
  }

  /// What the records named so far take.
  long flawBytes() {
    return flawBytes;
  }

  boolean hasErrors() {
    return rows.stream().anyMatch(row -> row.errorCode() != Errors.NONE.code());
  }

  ProduceResponse response() {
    return new ProduceResponse(data);
  }
}
