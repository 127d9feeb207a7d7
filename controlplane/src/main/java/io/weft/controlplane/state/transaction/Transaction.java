package io.weft.controlplane.state.transaction;

import io.weft.controlplane.api.transaction.Fingerprint;
import io.weft.controlplane.api.transaction.ProducerEpoch;
import io.weft.controlplane.api.transaction.Transactions.State;
import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.model.PartitionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/// All that is known of one transactional id. Owned by one thread.
final class Transaction {
  /// Ways that are remembered of those who came last.
  static final int TOUCHES_MAX = 8;

  /// Written as their places in it.
  private static final List<State> STATES = List.of(State.values());

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
  final List<Touch> touches = new ArrayList<>(1);

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

  /// Takes note of a way that is in use.
  void touched(Touch touch) {
    touches.remove(touch);
    touches.add(touch);
    if (touches.size() > TOUCHES_MAX) {
      touches.removeFirst();
    }
  }

  /// Whether the producer is known to have gone over to a newer way: what comes on this one was
  /// sent before.
  boolean isSuperseded(Touch touch) {
    if (touches.getLast().equals(touch)) {
      return false;
    }
    return touches.contains(touch) || touches.stream().anyMatch(touch::isOlderThan);
  }

  void write(WireWriter out) {
    out.writeString(id);
    TransactionBytes.writeProducer(out, producer);
    TransactionBytes.writeOptional(out, before, TransactionBytes::writeProducer);
    out.writeVarInt(timeoutMs);
    out.writeByte(STATES.indexOf(state));
    out.writeBoolean(bumpsEpoch);
    out.writeVarLong(startedMs);
    out.writeVarLong(updatedMs);
    TransactionBytes.writePartitions(out, List.copyOf(partitions));
    TransactionBytes.writeStrings(out, List.copyOf(groups));
    out.writeVarInt(touches.size());
    touches.forEach(touch -> TransactionBytes.writeTouch(out, touch));
  }

  static Transaction read(WireReader in) {
    Transaction transaction = new Transaction(in.readString(), TransactionBytes.readProducer(in));
    transaction.before = TransactionBytes.readOptional(in, TransactionBytes::readProducer);
    transaction.timeoutMs = in.readVarInt();
    byte state = in.readByte();
    if (state < 0 || state >= STATES.size()) {
      throw new MalformedBytesException("no state of a transaction: " + state);
    }
    transaction.state = STATES.get(state);
    transaction.bumpsEpoch = in.readBoolean();
    transaction.startedMs = in.readVarLong();
    transaction.updatedMs = in.readVarLong();
    transaction.partitions.addAll(TransactionBytes.readPartitions(in));
    transaction.groups.addAll(TransactionBytes.readStrings(in));
    int touches = in.readCount(2);
    if (touches < 1 || touches > TOUCHES_MAX) {
      throw new MalformedBytesException(touches + " ways of a transaction");
    }
    for (int i = 0; i < touches; i++) {
      transaction.touches.add(TransactionBytes.readTouch(in));
    }
    return transaction;
  }
}
