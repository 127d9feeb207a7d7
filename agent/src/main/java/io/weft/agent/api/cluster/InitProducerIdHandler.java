package io.weft.agent.api.cluster;

import io.weft.agent.api.ApiHandler;
import io.weft.agent.network.Answer;
import io.weft.agent.network.Request;
import java.util.Optional;
import org.apache.kafka.common.message.InitProducerIdRequestData;
import org.apache.kafka.common.message.InitProducerIdResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.requests.InitProducerIdRequest;
import org.apache.kafka.common.requests.InitProducerIdResponse;

/// InitProducerId: gives idempotent producers their ids. Thread-safe.
///
/// Transactions are not there yet: a transactional producer is refused with UNSUPPORTED_VERSION,
/// which clients take as final and report as they got it.
final class InitProducerIdHandler implements ApiHandler {
  /// As `transaction.max.timeout.ms`.
  private static final int TRANSACTION_TIMEOUT_MS_MAX = 15 * 60_000;

  private final ProducerIdBlocks ids;

  InitProducerIdHandler(ProducerIdBlocks ids) {
    this.ids = ids;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.INIT_PRODUCER_ID;
  }

  @Override
  public Answer handle(Request request) {
    InitProducerIdRequest body = (InitProducerIdRequest) request.body();
    Optional<Errors> flaw = flaw(body.data());
    if (flaw.isPresent()) {
      return new Answer.Ready(body.getErrorResponse(flaw.get().exception()));
    }
    return new Answer.Ready(
        new InitProducerIdResponse(
            new InitProducerIdResponseData()
                .setProducerId(ids.take())
                .setProducerEpoch((short) 0)));
  }

  private static Optional<Errors> flaw(InitProducerIdRequestData asked) {
    boolean hasId = asked.producerId() != RecordBatch.NO_PRODUCER_ID;
    boolean hasEpoch = asked.producerEpoch() != RecordBatch.NO_PRODUCER_EPOCH;
    if (hasId != hasEpoch) {
      return Optional.of(Errors.INVALID_REQUEST);
    }
    if (asked.transactionalId() == null) {
      return Optional.empty();
    }
    if (asked.transactionalId().isEmpty()) {
      return Optional.of(Errors.INVALID_REQUEST);
    }
    if (asked.transactionTimeoutMs() <= 0
        || asked.transactionTimeoutMs() > TRANSACTION_TIMEOUT_MS_MAX) {
      return Optional.of(Errors.INVALID_TRANSACTION_TIMEOUT);
    }
    return Optional.of(Errors.UNSUPPORTED_VERSION);
  }
}
