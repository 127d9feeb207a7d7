package io.weft.controlplane.command;

import io.weft.controlplane.api.transaction.TransactionStep;
import io.weft.controlplane.api.transaction.Transactions;
import io.weft.model.PartitionId;
import java.util.List;
import java.util.Optional;

/// The transactions' interface, each call turned into a command for a port. Thread-safe.
record CommandedTransactions(CommandPort port) implements Transactions {
  @Override
  public Outcome take(TransactionStep step) {
    return port.ask(new Command.TakeTransactionStep(step));
  }

  @Override
  public List<Optional<Description>> describe(List<String> transactionalIds) {
    return port.ask(new Command.DescribeTransactions(transactionalIds));
  }

  @Override
  public List<Listed> list(Filter filter, String after) {
    return port.ask(new Command.ListTransactions(filter, after));
  }

  @Override
  public List<Optional<List<ActiveProducer>>> producers(List<PartitionId> partitions) {
    return port.ask(new Command.DescribeProducers(partitions));
  }
}
