package io.weft.agent.api.transactions;

import io.weft.agent.api.ApiHandler;
import io.weft.agent.network.Answer;
import io.weft.agent.network.Request;
import io.weft.controlplane.api.transaction.ProducerEpoch;
import io.weft.controlplane.api.transaction.TransactionStep.Caller;
import io.weft.controlplane.api.transaction.TransactionStep.Initialize;
import io.weft.controlplane.api.transaction.Transactions;
import io.weft.controlplane.api.transaction.Transactions.Outcome;
import io.weft.model.AgentId;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.requests.InitProducerIdRequest;
import org.apache.kafka.common.requests.InitProducerIdResponse;

/// InitProducerId: gives idempotent producers their ids, and lets transactional ones begin to work:
/// their open transactions are aborted and their forerunners fenced before the answer leaves.
/// Thread-safe.
final class InitProducerIdHandler implements ApiHandler {
  private static final short VERSION_FENCED = 4;

  private final ProducerIdBlocks ids;
  private final Transactions transactions;
  private final Supplier<AgentId> self;
  private final int timeoutMsMax;

  /// @param timeoutMsMax as `transaction.max.timeout.ms`
  InitProducerIdHandler(
      ProducerIdBlocks ids, Transactions transactions, Supplier<AgentId> self, int timeoutMsMax) {
    this.ids = ids;
    this.transactions = transactions;
    this.self = self;
    this.timeoutMsMax = timeoutMsMax;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.INIT_PRODUCER_ID;
  }

  @Override
  public Answer handle(Request request) {
    InitProducerIdRequest body = (InitProducerIdRequest) request.body();
    InitProducerIdRequestData asked = body.data();
    Optional<Errors> flaw = flaw(asked);
    if (flaw.isPresent()) {
      return new Answer.Ready(body.getErrorResponse(flaw.get().exception()));
    }
    if (asked.transactionalId() == null) {
      return answer(new ProducerEpoch(ids.take(), (short) 0));
    }
    Initialize step =
        new Initialize(
            new Caller(asked.transactionalId(), self.get(), request.client().id()),
            asked.transactionTimeoutMs(),
            TransactionErrors.producer(asked.producerId(), asked.producerEpoch()));
    return switch (transactions.take(step)) {
      case Outcome.Done(ProducerEpoch producer) -> answer(producer);
      case Outcome.Refused(var why) ->
          new Answer.Ready(
              body.getErrorResponse(
                  TransactionErrors.of(why, body.version() >= VERSION_FENCED).exception()));
    };
  }

  private static Answer answer(ProducerEpoch producer) {
    return new Answer.Ready(
        new InitProducerIdResponse(
            new InitProducerIdResponseData()
                .setProducerId(producer.producerId())
                .setProducerEpoch(producer.epoch())));
  }

  private Optional<Errors> flaw(InitProducerIdRequestData asked) {
    boolean hasId = asked.producerId() != RecordBatch.NO_PRODUCER_ID;
    boolean hasEpoch = asked.producerEpoch() != RecordBatch.NO_PRODUCER_EPOCH;
    if (hasId != hasEpoch || (hasId && (asked.producerId() < 0 || asked.producerEpoch() < 0))) {
      return Optional.of(Errors.INVALID_REQUEST);
    }
    if (asked.transactionalId() == null) {
      return Optional.empty();
    }
    if (asked.transactionalId().isEmpty()) {
      return Optional.of(Errors.INVALID_REQUEST);
    }
    if (asked.enable2Pc()) {
      // What a broker answers that does not allow two-phase commit (KIP-939).
      return Optional.of(Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
    }
    if (asked.keepPreparedTxn()) {
      return Optional.of(Errors.UNSUPPORTED_VERSION);
    }
    if (asked.transactionTimeoutMs() <= 0 || asked.transactionTimeoutMs() > timeoutMsMax) {
      return Optional.of(Errors.INVALID_TRANSACTION_TIMEOUT);
    }
    return Optional.empty();
  }
}
