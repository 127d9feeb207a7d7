package io.weft.agent.api.transactions;

import io.weft.agent.api.ApiHandler;
import io.weft.agent.network.Answer;
import io.weft.agent.network.Request;
import io.weft.controlplane.api.transaction.ProducerEpoch;
import io.weft.controlplane.api.transaction.TransactionStep.Caller;
import io.weft.controlplane.api.transaction.TransactionStep.End;
import io.weft.controlplane.api.transaction.Transactions;
import io.weft.controlplane.api.transaction.Transactions.Outcome;
import io.weft.controlplane.api.transaction.Transactions.Refusal;
import io.weft.model.AgentId;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.common.message.EndTxnRequestData;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.EndTxnRequest;
import org.apache.kafka.common.requests.EndTxnResponse;

/// EndTxn: commits or aborts. When the answer leaves, the transaction has ended in every partition.
/// Thread-safe.
final class EndTxnHandler implements ApiHandler {
  private static final short VERSION_FENCED = 2;

  /// The first version whose clients take a new epoch from the answer (KIP-890).
  private static final short VERSION_BUMPS_EPOCH =
      EndTxnRequest.LAST_STABLE_VERSION_BEFORE_TRANSACTION_V2 + 1;

  private final Transactions transactions;
  private final Supplier<AgentId> self;

  EndTxnHandler(Transactions transactions, Supplier<AgentId> self) {
    this.transactions = transactions;
    this.self = self;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.END_TXN;
  }

  @Override
  public Answer handle(Request request) {
    EndTxnRequest body = (EndTxnRequest) request.body();
    EndTxnRequestData asked = body.data();
    boolean knowsFenced = body.version() >= VERSION_FENCED;
    boolean bumpsEpoch = body.version() >= VERSION_BUMPS_EPOCH;
    if (asked.transactionalId().isEmpty()) {
      return refused(Errors.INVALID_REQUEST);
    }
    Optional<ProducerEpoch> producer =
        TransactionErrors.producer(asked.producerId(), asked.producerEpoch());
    if (producer.isEmpty()) {
      return refused(TransactionErrors.impossible(asked.producerId(), knowsFenced));
    }
    Caller caller = new Caller(asked.transactionalId(), self.get(), request.client().id());
    End step = new End(caller, producer.get(), asked.committed(), bumpsEpoch);
    return switch (transactions.take(step)) {
      case Outcome.Refused(var why) when why == Refusal.SUPERSEDED ->
          // Nobody waits for an answer to a late copy. A client that has come back to a connection
          // it had left asks again on a new one, as after every lost answer.
          new Answer.Close("an EndTxn on a connection its producer had left");
      case Outcome.Refused(var why) -> refused(TransactionErrors.of(why, knowsFenced));
      case Outcome.Done(ProducerEpoch next) -> {
        EndTxnResponseData answer = new EndTxnResponseData();
        if (bumpsEpoch) {
          answer.setProducerId(next.producerId()).setProducerEpoch(next.epoch());
        }
        yield new Answer.Ready(new EndTxnResponse(answer));
      }
    };
  }

  private static Answer refused(Errors error) {
    return new Answer.Ready(
        new EndTxnResponse(new EndTxnResponseData().setErrorCode(error.code())));
  }
}
