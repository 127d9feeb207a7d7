package io.weft.controlplane.state.transaction;

import io.weft.controlplane.api.transaction.Fingerprint;
import io.weft.controlplane.api.transaction.ProducerEpoch;
import io.weft.controlplane.api.transaction.Transactions.State;
import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.codec.shape.PartitionColumn;
import io.weft.controlplane.codec.shape.Shaped;
import io.weft.model.PartitionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/// All that is known of one transactional id. Owned by one thread.
public final class Transaction {
  /// How many connections are remembered, of the steps that came last.
  static final int CONNECTIONS_MAX = 8;

  /// As it stands in a snapshot.
  public record Row(
      String transactionalId,
      ProducerEpoch producer,
      Optional<ProducerEpoch> before,
      int timeoutMs,
      State state,
      boolean bumpsEpoch,
      long startedMs,
      long updatedMs,
      List<@Shaped(by = PartitionColumn.class) PartitionId> partitions,
      List<String> groups,
      List<AgentConnection> connections) {}

  final String id;

  /// Of the id.
  final long fingerprint;

  ProducerEpoch producer;

  /// What the producer was until its epoch was raised, if it may not know of that yet.
  Optional<ProducerEpoch> before = Optional.empty();

  int timeoutMs;
  State state = State.EMPTY;

  /// Whether the transaction, the open or the last one, has an epoch of its own (KIP-890).
  boolean bumpsEpoch;

  long startedMs = -1;
  long updatedMs;
  final TreeSet<PartitionId> partitions = new TreeSet<>();
  final TreeSet<String> groups = new TreeSet<>();

  /// The newest last.
  final List<AgentConnection> connections = new ArrayList<>(1);

  Transaction(String id, ProducerEpoch producer) {
    this.id = id;
    this.fingerprint = Fingerprint.of(id);
    this.producer = producer;
  }

  /// Whether this is the epoch of the producer that may work now. Nobody has the last one there is.
  boolean isProducer(short epoch) {
    return producer.epoch() == epoch && !producer.isFence();
  }

  boolean isOpen() {
    return state == State.ONGOING;
  }

  /// Opens a transaction if none is.
  void open(boolean withOwnEpoch, long nowMs) {
    if (!isOpen()) {
      state = State.ONGOING;
      startedMs = nowMs;
      bumpsEpoch = withOwnEpoch;
    } else {
      bumpsEpoch |= withOwnEpoch;
    }
    updatedMs = nowMs;
  }

  /// Takes note of a connection that is in use.
  void usedBy(AgentConnection connection) {
    connections.remove(connection);
    connections.add(connection);
    if (connections.size() > CONNECTIONS_MAX) {
      connections.removeFirst();
    }
  }

  /// Whether the producer is known to have gone over to a newer connection: what comes on this one
  /// was sent before.
  boolean isSuperseded(AgentConnection connection) {
    if (connections.getLast().equals(connection)) {
      return false;
    }
    return connections.contains(connection)
        || connections.stream().anyMatch(connection::isOlderThan);
  }

  Row row() {
    return new Row(
        id,
        producer,
        before,
        timeoutMs,
        state,
        bumpsEpoch,
        startedMs,
        updatedMs,
        List.copyOf(partitions),
        List.copyOf(groups),
        connections);
  }

  static Transaction of(Row row) {
    if (row.connections.isEmpty() || row.connections.size() > CONNECTIONS_MAX) {
      throw new MalformedBytesException(row.connections.size() + " connections of a transaction");
    }
    Transaction transaction = new Transaction(row.transactionalId, row.producer);
    transaction.before = row.before;
    transaction.timeoutMs = row.timeoutMs;
    transaction.state = row.state;
    transaction.bumpsEpoch = row.bumpsEpoch;
    transaction.startedMs = row.startedMs;
    transaction.updatedMs = row.updatedMs;
    transaction.partitions.addAll(row.partitions);
    transaction.groups.addAll(row.groups);
    transaction.connections.addAll(row.connections);
    return transaction;
  }
}
