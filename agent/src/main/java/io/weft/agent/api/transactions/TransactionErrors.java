package io.weft.agent.api.transactions;

import io.weft.controlplane.api.transaction.ProducerEpoch;
import io.weft.controlplane.api.transaction.Transactions.Outcome;
import io.weft.controlplane.api.transaction.Transactions.Refusal;
import java.util.Optional;
import org.apache.kafka.common.protocol.Errors;

/// What each refusal of a step is called in Kafka's protocol.
final class TransactionErrors {
  private TransactionErrors() {}

  /// @param knowsFenced whether the version has PRODUCER_FENCED; older clients know its forerunner
  static Errors of(Refusal refusal, boolean knowsFenced) {
    return switch (refusal) {
      case UNKNOWN_PRODUCER -> Errors.INVALID_PRODUCER_ID_MAPPING;
      case FENCED -> knowsFenced ? Errors.PRODUCER_FENCED : Errors.INVALID_PRODUCER_EPOCH;
      case INVALID_STATE -> Errors.INVALID_TXN_STATE;
      case LIMIT_REACHED -> Errors.POLICY_VIOLATION;
      case SUPERSEDED -> Errors.NOT_COORDINATOR;
    };
  }

  static Errors of(Outcome outcome, boolean knowsFenced) {
    return switch (outcome) {
      case Outcome.Done _ -> Errors.NONE;
      case Outcome.Refused(Refusal why) -> of(why, knowsFenced);
    };
  }

  /// The producer a request names, or empty if none can have these numbers: then it is what
  /// [#impossible] says.
  static Optional<ProducerEpoch> producer(long producerId, short epoch) {
    return producerId < 0 || epoch < 0
        ? Optional.empty()
        : Optional.of(new ProducerEpoch(producerId, epoch));
  }

  static Errors impossible(long producerId, boolean knowsFenced) {
    return of(producerId < 0 ? Refusal.UNKNOWN_PRODUCER : Refusal.FENCED, knowsFenced);
  }
}
