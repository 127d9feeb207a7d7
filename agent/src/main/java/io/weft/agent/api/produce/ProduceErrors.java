package io.weft.agent.api.produce;

import io.weft.agent.produce.ProduceOutcome.Cause;
import io.weft.controlplane.api.BatchOutcomes.Verdict;
import io.weft.protocol.record.Verification.Reason;
import org.apache.kafka.common.protocol.Errors;

/// What each reason not to append a batch is called in Kafka's protocol. Total: nothing ends as
/// UNKNOWN_SERVER_ERROR.
///
/// A code tells the client what to do: 2, 3, 6, 7 and 19 are sent again (7 may be a duplicate then,
/// unless the producer is idempotent), the others are final. 46 counts as success for Java's
/// producer, which is what it means here.
final class ProduceErrors {
  /// The first version that names topics by id (KIP-516).
  static final short VERSION_TOPIC_ID = 13;

  /// The first version that has TRANSACTION_ABORTABLE (KIP-890).
  private static final short VERSION_ABORTABLE = 11;

  private ProduceErrors() {}

  static Errors of(Reason reason) {
    return switch (reason) {
      case CORRUPT -> Errors.CORRUPT_MESSAGE;
      case INVALID -> Errors.INVALID_RECORD;
      case TIMESTAMP_OUT_OF_RANGE -> Errors.INVALID_TIMESTAMP;
      case UNSUPPORTED_COMPRESSION -> Errors.UNSUPPORTED_COMPRESSION_TYPE;
      case TOO_LARGE -> Errors.MESSAGE_TOO_LARGE;
    };
  }

  /// @param version of the request
  static Errors of(Verdict verdict, short version) {
    return switch (verdict) {
      case PLACED, DUPLICATE -> Errors.NONE;
      case DUPLICATE_FORGOTTEN -> Errors.DUPLICATE_SEQUENCE_NUMBER;
      case OUT_OF_ORDER_SEQUENCE -> Errors.OUT_OF_ORDER_SEQUENCE_NUMBER;
      case INVALID_PRODUCER_EPOCH -> Errors.INVALID_PRODUCER_EPOCH;
      case UNKNOWN_PARTITION -> unknownTopic(version >= VERSION_TOPIC_ID);
      case INVALID_TRANSACTION_STATE -> Errors.INVALID_TXN_STATE;
      case UNKNOWN_PRODUCER -> Errors.INVALID_PRODUCER_ID_MAPPING;
      case NOT_IN_TRANSACTION ->
          version >= VERSION_ABORTABLE ? Errors.TRANSACTION_ABORTABLE : Errors.INVALID_TXN_STATE;
      case TRANSACTION_FULL -> Errors.POLICY_VIOLATION;
    };
  }

  /// All definite and to be tried again: elsewhere if this agent goes away, else here.
  static Errors of(Cause cause) {
    return switch (cause) {
      case LEAVING -> Errors.NOT_LEADER_OR_FOLLOWER;
      case UPLOAD_FAILED, COMMIT_REJECTED -> Errors.NOT_ENOUGH_REPLICAS;
    };
  }

  static Errors unknownTopic(boolean byTopicId) {
    return byTopicId ? Errors.UNKNOWN_TOPIC_ID : Errors.UNKNOWN_TOPIC_OR_PARTITION;
  }
}
