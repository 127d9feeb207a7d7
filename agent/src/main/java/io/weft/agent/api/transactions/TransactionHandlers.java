package io.weft.agent.api.transactions;

import io.weft.agent.api.ApiHandler;
import io.weft.agent.api.ApiSettings;
import io.weft.agent.catalog.LiveCatalog;
import io.weft.controlplane.api.Producers;
import io.weft.controlplane.api.transaction.Transactions;
import io.weft.model.AgentId;
import java.util.List;
import java.util.function.Supplier;

/// The handlers of producers and transactions.
public final class TransactionHandlers {
  private TransactionHandlers() {}

  public static List<ApiHandler> of(
      LiveCatalog catalog,
      Transactions transactions,
      Producers producers,
      Supplier<AgentId> self,
      ApiSettings settings) {
    ProducerIdBlocks ids = new ProducerIdBlocks(producers, self);
    return List.of(
        new InitProducerIdHandler(ids, transactions, self, settings.transactionTimeoutMsMax()),
        new AddPartitionsToTxnHandler(transactions, catalog, self),
        new AddOffsetsToTxnHandler(transactions, self),
        new EndTxnHandler(transactions, self),
        new DescribeTransactionsHandler(transactions, catalog),
        new ListTransactionsHandler(transactions, catalog, self),
        new DescribeProducersHandler(transactions, catalog));
  }
}
