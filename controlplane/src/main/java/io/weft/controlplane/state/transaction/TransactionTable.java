package io.weft.controlplane.state.transaction;

import io.weft.controlplane.api.transaction.ProducerEpoch;
import io.weft.controlplane.api.transaction.Transactions;
import io.weft.controlplane.api.transaction.Transactions.Description;
import io.weft.controlplane.api.transaction.Transactions.Filter;
import io.weft.controlplane.api.transaction.Transactions.Listed;
import io.weft.controlplane.api.transaction.Transactions.State;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.codec.shape.Rows;
import io.weft.controlplane.codec.shape.Shapes;
import io.weft.controlplane.state.partition.TransactionGate;
import io.weft.controlplane.state.transaction.TransactionChange.Added;
import io.weft.controlplane.state.transaction.TransactionChange.Ended;
import io.weft.controlplane.state.transaction.TransactionChange.Expired;
import io.weft.controlplane.state.transaction.TransactionChange.Initialized;
import io.weft.model.Invariant;
import io.weft.model.PartitionId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/// The transactional ids and their transactions. Owned by one thread.
///
/// ```
/// EMPTY ─add or first batch→ ONGOING ─end→ COMPLETE_COMMIT | COMPLETE_ABORT ─add or first batch→ ONGOING
///   any ─initialize→ EMPTY         (an open transaction is aborted first, in the same step)
/// ```
///
/// What the steps decide stands at [StepRules].
public final class TransactionTable {
  private static final Rows<Transaction.Row> ROWS =
      Shapes.unlimited().rowsOf(Transaction.Row.class);

  private final NavigableMap<String, Transaction> byId = new TreeMap<>();

  /// By the producer id each has now. Never iterated.
  private final Map<Long, Transaction> byProducer = new HashMap<>();

  private final NavigableMap<String, Transaction> open = new TreeMap<>();

  /// The open ones, by the order of their ids.
  public List<OpenTransaction> open() {
    List<OpenTransaction> all = new ArrayList<>(open.size());
    for (Transaction each : open.values()) {
      all.add(new OpenTransaction(each.id, each.producer, each.startedMs, each.timeoutMs));
    }
    return all;
  }

  /// The partitions of a transaction, in order; none if it is not open.
  public List<PartitionId> partitions(String transactionalId) {
    return List.copyOf(known(transactionalId).partitions);
  }

  /// The producer whose transactions these are now.
  public ProducerEpoch producer(String transactionalId) {
    return known(transactionalId).producer;
  }

  Optional<Transaction> find(String transactionalId) {
    return Optional.ofNullable(byId.get(transactionalId));
  }

  boolean isFull() {
    return byId.size() >= Transactions.TRANSACTIONAL_IDS_MAX;
  }

  /// What the transactions say to the batches of one file.
  public TransactionGate gate() {
    return new FileGate(byProducer);
  }

  /// Whether an id without an open transaction was not used since then.
  boolean anyUnused(long sinceMs) {
    return byId.values().stream().anyMatch(each -> isUnused(each, sinceMs));
  }

  /// How many partitions its open transaction has.
  int partitionCount(String transactionalId) {
    return find(transactionalId).map(found -> found.partitions.size()).orElse(0);
  }

  public List<Optional<Description>> describe(List<String> transactionalIds) {
    List<Optional<Description>> all = new ArrayList<>(transactionalIds.size());
    for (String id : transactionalIds) {
      all.add(
          find(id)
              .map(
                  found ->
                      new Description(
                          found.state,
                          found.producer,
                          found.timeoutMs,
                          found.startedMs,
                          List.copyOf(found.partitions))));
    }
    return all;
  }

  public List<Listed> list(Filter filter, String after, long nowMs) {
    List<Listed> all = new ArrayList<>();
    for (Transaction each : byId.tailMap(after, false).values()) {
      boolean passes =
          (filter.producerIds().isEmpty()
                  || filter.producerIds().contains(each.producer.producerId()))
              && (filter.states().isEmpty() || filter.states().contains(each.state))
              && (filter.runningMs() < 0
                  || (each.startedMs >= 0 && nowMs - each.startedMs > filter.runningMs()));
      if (passes) {
        all.add(new Listed(each.id, each.producer.producerId(), each.state));
        if (all.size() >= Transactions.LISTED_MAX) {
          break;
        }
      }
    }
    return all;
  }

  /// A batch of this producer's was placed in a partition: that is part of its transaction now.
  public void placed(long producerId, PartitionId partition, long timeMs) {
    Transaction transaction = byProducer.get(producerId);
    Invariant.check(transaction != null, "a transactional batch of producer %d", producerId);
    if (transaction.partitions.add(partition)) {
      transaction.open(true, timeMs);
      open.put(transaction.id, transaction);
    }
  }

  public void replay(TransactionChange change) {
    switch (change) {
      case Initialized made -> replay(made);
      case Added added -> {
        Transaction transaction = known(added.transactionalId());
        transaction.open(added.bumpsEpoch(), added.timeMs());
        transaction.partitions.addAll(added.partitions());
        transaction.groups.addAll(added.groups());
        added.connection().ifPresent(transaction::usedBy);
        open.put(transaction.id, transaction);
      }
      case Ended ended -> replay(ended);
      case Expired expired ->
          byId.values()
              .removeIf(
                  each -> {
                    boolean unused = isUnused(each, expired.unusedSinceMs());
                    if (unused) {
                      byProducer.remove(each.producer.producerId());
                    }
                    return unused;
                  });
    }
  }

  public void write(WireWriter out) {
    ROWS.write(byId.values(), Transaction::row, out);
  }

  public void read(WireReader in) {
    int count = ROWS.read(in, row -> putBack(Transaction.of(row)));
    Invariant.check(byId.size() == count, "a transactional id twice");
    Invariant.check(byProducer.size() == count, "a producer id of two transactional ids");
  }

  private void putBack(Transaction transaction) {
    put(transaction);
    if (transaction.isOpen()) {
      open.put(transaction.id, transaction);
    }
  }

  private void replay(Initialized made) {
    Transaction transaction =
        find(made.transactionalId())
            .orElseGet(() -> new Transaction(made.transactionalId(), made.producer()));
    Invariant.check(!transaction.isOpen(), "a transaction is open");
    byProducer.remove(transaction.producer.producerId());
    transaction.producer = made.producer();
    transaction.before = made.before();
    transaction.timeoutMs = made.timeoutMs();
    transaction.state = State.EMPTY;
    transaction.bumpsEpoch = false;
    transaction.startedMs = -1;
    transaction.updatedMs = made.timeMs();
    transaction.connections.clear();
    transaction.usedBy(made.connection());
    put(transaction);
  }

  private void replay(Ended ended) {
    Transaction transaction = known(ended.transactionalId());
    boolean wasOpen = transaction.isOpen();
    byProducer.remove(transaction.producer.producerId());
    transaction.producer = ended.next();
    transaction.before = ended.before();
    transaction.state = ended.committed() ? State.COMPLETE_COMMIT : State.COMPLETE_ABORT;
    transaction.bumpsEpoch = ended.bumpsEpoch();
    transaction.startedMs = wasOpen ? transaction.startedMs : ended.timeMs();
    transaction.updatedMs = ended.timeMs();
    transaction.partitions.clear();
    transaction.groups.clear();
    ended.connection().ifPresent(transaction::usedBy);
    open.remove(transaction.id);
    put(transaction);
  }

  private void put(Transaction transaction) {
    byId.put(transaction.id, transaction);
    byProducer.put(transaction.producer.producerId(), transaction);
  }

  private Transaction known(String transactionalId) {
    Transaction transaction = byId.get(transactionalId);
    Invariant.check(transaction != null, "a change of a transactional id that is not there");
    return transaction;
  }

  private static boolean isUnused(Transaction transaction, long sinceMs) {
    return !transaction.isOpen() && transaction.updatedMs < sinceMs;
  }
}
