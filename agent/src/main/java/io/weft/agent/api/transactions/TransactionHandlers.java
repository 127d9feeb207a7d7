package io.weft.agent.api.transactions;

import io.weft.agent.api.ApiHandler;
import io.weft.agent.api.ApiParts;
import io.weft.controlplane.api.Producers;
import io.weft.controlplane.api.transaction.Transactions;
import java.util.List;

/// The handlers of producers and transactions.
public final class TransactionHandlers {
  private TransactionHandlers() {}

  public static List<ApiHandler> of(ApiParts parts) {
    Transactions transactions = parts.controlPlane().as(Transactions.class);
    ProducerIdBlocks ids =
        new ProducerIdBlocks(parts.controlPlane().as(Producers.class), parts.self());
    return List.of(
        new InitProducerIdHandler(
            ids, transactions, parts.self(), parts.settings().transactionTimeoutMsMax()),
        new AddPartitionsToTxnHandler(transactions, parts.catalog(), parts.self()),
        new AddOffsetsToTxnHandler(transactions, parts.self()),
        new EndTxnHandler(transactions, parts.self()),
        new DescribeTransactionsHandler(transactions, parts.catalog()),
        new ListTransactionsHandler(transactions, parts.catalog(), parts.self()),
        new DescribeProducersHandler(transactions, parts.catalog()));
  }
}
