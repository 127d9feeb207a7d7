package io.weft.agent.api.transactions;

import io.weft.agent.api.ApiHandler;
import io.weft.agent.catalog.LiveCatalog;
import io.weft.agent.network.Answer;
import io.weft.agent.network.Request;
import io.weft.controlplane.api.transaction.Transactions;
import io.weft.controlplane.api.transaction.Transactions.Description;
import io.weft.model.PartitionId;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.message.DescribeTransactionsResponseData;
import org.apache.kafka.common.message.DescribeTransactionsResponseData.TopicData;
import org.apache.kafka.common.message.DescribeTransactionsResponseData.TransactionState;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.DescribeTransactionsRequest;
import org.apache.kafka.common.requests.DescribeTransactionsResponse;

/// DescribeTransactions: all that is known of some transactional ids. Thread-safe.
final class DescribeTransactionsHandler implements ApiHandler {
  private final Transactions transactions;
  private final LiveCatalog catalog;

  DescribeTransactionsHandler(Transactions transactions, LiveCatalog catalog) {
    this.transactions = transactions;
    this.catalog = catalog;
  }

  @Override
  public ApiKeys key() {
    return ApiKeys.DESCRIBE_TRANSACTIONS;
  }

  @Override
  public Answer handle(Request request) {
    List<String> ids = ((DescribeTransactionsRequest) request.body()).data().transactionalIds();
    DescribeTransactionsResponseData answer = new DescribeTransactionsResponseData();
    NamedTopics topics = new NamedTopics(catalog);
    Slices<String, Description> slices =
        new Slices<>(transactions::describe, found -> found.partitions().size());
    slices.ask(ids);
    for (String id : ids) {
      answer
          .transactionStates()
          .add(
              slices.fits(id)
                  ? state(id, slices.of(id), topics)
                  : new TransactionState()
                      .setTransactionalId(id)
                      .setErrorCode(Errors.INVALID_REQUEST.code()));
    }
    return new Answer.Ready(new DescribeTransactionsResponse(answer));
  }

  private static TransactionState state(
      String id, Optional<Description> found, NamedTopics topics) {
    TransactionState state = new TransactionState().setTransactionalId(id);
    if (found.isEmpty()) {
      return state.setErrorCode(
          (id.isEmpty() ? Errors.INVALID_REQUEST : Errors.TRANSACTIONAL_ID_NOT_FOUND).code());
    }
    Description description = found.get();
    for (PartitionId partition : description.partitions()) {
      topics.name(partition.topic()).ifPresent(name -> add(state, name, partition.partition()));
    }
    return state
        .setProducerId(description.producer().producerId())
        .setProducerEpoch(description.producer().epoch())
        .setTransactionState(TransactionStates.name(description.state()))
        .setTransactionTimeoutMs(description.timeoutMs())
        .setTransactionStartTimeMs(description.startedMs());
  }

  private static void add(TransactionState state, String topic, int partition) {
    TopicData data = state.topics().find(topic);
    if (data == null) {
      data = new TopicData().setTopic(topic);
      state.topics().add(data);
    }
    data.partitions().add(partition);
  }
}
