package io.weft.agent.api.transactions;

import io.weft.agent.api.ApiHandler;
import io.weft.agent.network.Answer;
import io.weft.agent.network.Request;
import io.weft.controlplane.api.transaction.ProducerEpoch;
import io.weft.controlplane.api.transaction.TransactionStep.AddGroup;
import io.weft.controlplane.api.transaction.TransactionStep.Caller;
import io.weft.controlplane.api.transaction.Transactions;
import io.weft.model.AgentId;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.common.message.AddOffsetsToTxnRequestData;
import org.apache.kafka.common.message.AddOffsetsToTxnResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.AddOffsetsToTxnRequest;
import org.apache.kafka.common.requests.AddOffsetsToTxnResponse;

/// AddOffsetsToTxn: a group's offsets become part of a transaction. Thread-safe.
final class AddOffsetsToTxnHandler implements ApiHandler {
  private static final short VERSION_FENCED = 2;

  private final Transactions transactions;
  private final Supplier<AgentId> self;

  AddOffsetsToTxnHandler(Transactions transactions, Supplier<AgentId> self) {
    this.transactions = transactions;
    this.self = self;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.ADD_OFFSETS_TO_TXN;
  }

  @Override
  public Answer handle(Request request) {
    AddOffsetsToTxnRequest body = (AddOffsetsToTxnRequest) request.body();
    return new Answer.Ready(
        new AddOffsetsToTxnResponse(
            new AddOffsetsToTxnResponseData()
                .setErrorCode(add(request, body.data(), body.version()).code())));
  }

  private Errors add(Request request, AddOffsetsToTxnRequestData asked, short version) {
    boolean knowsFenced = version >= VERSION_FENCED;
    if (asked.transactionalId().isEmpty()) {
      return Errors.INVALID_REQUEST;
    }
    Optional<ProducerEpoch> producer =
        TransactionErrors.producer(asked.producerId(), asked.producerEpoch());
    if (producer.isEmpty()) {
      return TransactionErrors.impossible(asked.producerId(), knowsFenced);
    }
    Caller caller = new Caller(asked.transactionalId(), self.get(), request.client().id());
    return TransactionErrors.of(
        transactions.take(new AddGroup(caller, producer.get(), asked.groupId())), knowsFenced);
  }
}
