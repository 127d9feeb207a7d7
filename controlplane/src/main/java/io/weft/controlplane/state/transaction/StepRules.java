package io.weft.controlplane.state.transaction;

import io.weft.controlplane.api.transaction.ProducerEpoch;
import io.weft.controlplane.api.transaction.TransactionStep;
import io.weft.controlplane.api.transaction.TransactionStep.AddGroup;
import io.weft.controlplane.api.transaction.TransactionStep.AddPartitions;
import io.weft.controlplane.api.transaction.TransactionStep.End;
import io.weft.controlplane.api.transaction.TransactionStep.Initialize;
import io.weft.controlplane.api.transaction.Transactions;
import io.weft.controlplane.api.transaction.Transactions.Outcome;
import io.weft.controlplane.api.transaction.Transactions.Refusal;
import io.weft.controlplane.api.transaction.Transactions.State;
import io.weft.controlplane.state.part.Decision;
import io.weft.controlplane.state.part.StateRecord;
import io.weft.controlplane.state.producer.ProducerIdsLeased;
import io.weft.controlplane.state.transaction.TransactionChange.Added;
import io.weft.controlplane.state.transaction.TransactionChange.Ended;
import io.weft.controlplane.state.transaction.TransactionChange.Initialized;
import io.weft.model.PartitionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Decides what becomes of a step, without changing anything. Used once, by one thread.
///
/// The rules are Kafka's (KIP-98, KIP-360, KIP-890), except for these: initializing over an open
/// transaction aborts it, fences and answers in one step; a producer that expects to be what it was
/// before its last change of epoch never aborts what is open; and an end without an epoch of its
/// own is not taken on a connection that was superseded (KAFKA-17754).
public final class StepRules {
  private final TransactionTable table;
  private final long freshProducerId;
  private final long nowMs;

  /// @param freshProducerId the next one that nobody has; given out with the first decision that
  ///   needs it
  public StepRules(TransactionTable table, long freshProducerId, long nowMs) {
    this.table = table;
    this.freshProducerId = freshProducerId;
    this.nowMs = nowMs;
  }

  public Decision<Outcome> decide(TransactionStep step) {
    return switch (step) {
      case Initialize initialize -> initialize(initialize);
      case AddPartitions add -> add(add);
      case AddGroup add ->
          addGroup(
              add.caller().transactionalId(),
              add.producer(),
              add.group(),
              Optional.of(AgentConnection.of(add.caller())));
      case End end -> end(end);
    };
  }

  /// Makes a group's offsets part of the transaction, as a commit of offsets itself asks, if its
  /// producer understands that each transaction has an epoch of its own. It may come by any agent,
  /// on a connection of its own: that does not tell which connection the producer's steps come on.
  public Decision<Outcome> addGroup(String transactionalId, ProducerEpoch producer, String group) {
    return addGroup(transactionalId, producer, group, Optional.empty());
  }

  /// @param connection empty for a commit of offsets, whose producer has an epoch for each
  ///   transaction
  private Decision<Outcome> addGroup(
      String transactionalId,
      ProducerEpoch producer,
      String group,
      Optional<AgentConnection> connection) {
    Optional<Refusal> refusal = refusal(transactionalId, producer);
    if (refusal.isPresent()) {
      return refused(refusal.get());
    }
    Transaction transaction = table.find(transactionalId).orElseThrow();
    if (transaction.groups.contains(group)) {
      return done(producer);
    }
    if (transaction.groups.size() >= Transactions.GROUPS_MAX) {
      return refused(Refusal.LIMIT_REACHED);
    }
    return changed(
        new Added(
            transaction.id, List.of(), List.of(group), connection.isEmpty(), connection, nowMs),
        producer);
  }

  /// Whether a group's offsets are part of the transaction.
  public Outcome checkGroup(String transactionalId, ProducerEpoch producer, String group) {
    return refusal(transactionalId, producer)
        .or(
            () ->
                table.find(transactionalId).orElseThrow().groups.contains(group)
                    ? Optional.empty()
                    : Optional.of(Refusal.INVALID_STATE))
        .<Outcome>map(Outcome.Refused::new)
        .orElseGet(() -> new Outcome.Done(producer));
  }

  /// Aborts a transaction that has been open for too long, if it is still that one.
  public Decision<Boolean> timeOut(OpenTransaction late) {
    Transaction transaction = table.find(late.transactionalId()).orElse(null);
    if (transaction == null
        || !transaction.isOpen()
        || !transaction.producer.equals(late.producer())
        || transaction.startedMs != late.startedMs()) {
      return Decision.of(false);
    }
    // Not a new producer id: nobody has asked for one, and the old producer is to hear that it is
    // fenced, as in Kafka, not that nobody knows it.
    short epoch = markerAfter(transaction.producer);
    ProducerEpoch next = new ProducerEpoch(transaction.producer.producerId(), epoch);
    Ended ended =
        new Ended(
            transaction.id,
            false,
            epoch,
            next,
            transaction.bumpsEpoch ? Optional.of(transaction.producer) : Optional.empty(),
            transaction.bumpsEpoch,
            Optional.empty(),
            nowMs);
    return Decision.of(new TransactionChanged(ended), true);
  }

  private Decision<Outcome> initialize(Initialize step) {
    Transaction transaction = table.find(step.caller().transactionalId()).orElse(null);
    if (transaction == null) {
      return table.isFull()
          ? refused(Refusal.LIMIT_REACHED)
          : initialized(step, List.of(), new ProducerEpoch(freshProducerId, (short) 0), false);
    }
    if (step.expected().isPresent()) {
      boolean wasIt = transaction.before.equals(step.expected());
      if (wasIt && !transaction.producer.isFence()) {
        return again(step, transaction);
      }
      if (!wasIt && !isProducer(step.expected().get(), transaction)) {
        return refused(Refusal.FENCED);
      }
    }
    ProducerEpoch next = after(transaction.producer);
    List<TransactionChange> aborts = List.of();
    if (transaction.isOpen()) {
      aborts =
          List.of(
              new Ended(
                  transaction.id,
                  false,
                  markerAfter(transaction.producer),
                  next,
                  Optional.empty(),
                  transaction.bumpsEpoch,
                  Optional.empty(),
                  nowMs));
    }
    return initialized(step, aborts, next, true);
  }

  /// The producer did not hear the answer, or hears it twice. What it has begun since then stays.
  private Decision<Outcome> again(Initialize step, Transaction transaction) {
    if (transaction.isOpen()
        || (transaction.state == State.EMPTY && transaction.timeoutMs == step.timeoutMs())) {
      return done(transaction.producer);
    }
    return changed(
        new Initialized(
            transaction.id,
            transaction.producer,
            transaction.before,
            step.timeoutMs(),
            AgentConnection.of(step.caller()),
            nowMs),
        transaction.producer);
  }

  private Decision<Outcome> initialized(
      Initialize step, List<TransactionChange> aborts, ProducerEpoch producer, boolean known) {
    Initialized made =
        new Initialized(
            step.caller().transactionalId(),
            producer,
            known ? step.expected() : Optional.empty(),
            step.timeoutMs(),
            AgentConnection.of(step.caller()),
            nowMs);
    List<TransactionChange> changes = new ArrayList<>(aborts);
    changes.add(made);
    return decided(changes, producer);
  }

  private Decision<Outcome> add(AddPartitions step) {
    Optional<Refusal> refusal = refusal(step.caller().transactionalId(), step.producer());
    if (refusal.isPresent()) {
      return refused(refusal.get());
    }
    Transaction transaction = table.find(step.caller().transactionalId()).orElseThrow();
    List<PartitionId> more =
        step.partitions().stream()
            .filter(partition -> !transaction.partitions.contains(partition))
            .distinct()
            .sorted()
            .toList();
    if (more.isEmpty()) {
      return done(step.producer());
    }
    if (transaction.partitions.size() + more.size() > Transactions.PARTITIONS_MAX) {
      return refused(Refusal.LIMIT_REACHED);
    }
    return changed(
        new Added(
            transaction.id,
            more,
            List.of(),
            false,
            Optional.of(AgentConnection.of(step.caller())),
            nowMs),
        step.producer());
  }

  private Decision<Outcome> end(End step) {
    Transaction transaction = table.find(step.caller().transactionalId()).orElse(null);
    ProducerEpoch producer = step.producer();
    if (transaction == null) {
      return refused(Refusal.UNKNOWN_PRODUCER);
    }
    boolean complete =
        transaction.state == State.COMPLETE_COMMIT || transaction.state == State.COMPLETE_ABORT;
    if (complete && transaction.bumpsEpoch && transaction.before.equals(Optional.of(producer))) {
      return endedBefore(step, transaction);
    }
    if (transaction.producer.producerId() != producer.producerId()) {
      return refused(Refusal.UNKNOWN_PRODUCER);
    }
    if (!isProducer(producer, transaction)) {
      return refused(Refusal.FENCED);
    }
    if (transaction.isOpen()) {
      return !step.bumpsEpoch() && transaction.isSuperseded(AgentConnection.of(step.caller()))
          ? refused(Refusal.SUPERSEDED)
          : ended(step);
    }
    if (complete && !transaction.bumpsEpoch) {
      return isAlready(step, transaction) ? done(producer) : refused(Refusal.INVALID_STATE);
    }
    // Nothing is open. A producer that cannot know whether its batches got there may abort even so.
    return step.bumpsEpoch() && !step.commit() ? ended(step) : refused(Refusal.INVALID_STATE);
  }

  /// The producer did not hear the answer, or its transaction was aborted over its head.
  private Decision<Outcome> endedBefore(End step, Transaction transaction) {
    if (isAlready(step, transaction)) {
      // What is left of one that was fenced at its last epoch cannot go on: it becomes another.
      return transaction.producer.isFence() ? ended(step) : done(transaction.producer);
    }
    // What was aborted without being asked for is no mistake of the producer's (KAFKA-20785).
    return refused(step.commit() ? Refusal.FENCED : Refusal.INVALID_STATE);
  }

  private static boolean isAlready(End step, Transaction transaction) {
    return transaction.state == (step.commit() ? State.COMPLETE_COMMIT : State.COMPLETE_ABORT);
  }

  private Decision<Outcome> ended(End step) {
    ProducerEpoch producer = step.producer();
    boolean bumps = step.bumpsEpoch();
    ProducerEpoch next = bumps ? after(producer) : producer;
    Ended ended =
        new Ended(
            step.caller().transactionalId(),
            step.commit(),
            bumps ? markerAfter(producer) : producer.epoch(),
            next,
            bumps ? Optional.of(producer) : Optional.empty(),
            bumps,
            Optional.of(AgentConnection.of(step.caller())),
            nowMs);
    return decided(List.of(ended), next);
  }

  private Optional<Refusal> refusal(String transactionalId, ProducerEpoch producer) {
    Optional<Transaction> found = table.find(transactionalId);
    if (found.isEmpty() || found.get().producer.producerId() != producer.producerId()) {
      return Optional.of(Refusal.UNKNOWN_PRODUCER);
    }
    return isProducer(producer, found.get()) ? Optional.empty() : Optional.of(Refusal.FENCED);
  }

  private static boolean isProducer(ProducerEpoch producer, Transaction transaction) {
    return transaction.producer.equals(producer) && !producer.isFence();
  }

  /// What a producer is after its epoch was raised.
  private ProducerEpoch after(ProducerEpoch producer) {
    return producer.isExhausted()
        ? new ProducerEpoch(freshProducerId, (short) 0)
        : new ProducerEpoch(producer.producerId(), (short) (producer.epoch() + 1));
  }

  /// The epoch that fences a producer. There is always one: the highest is given to no producer.
  private static short markerAfter(ProducerEpoch producer) {
    return (short) (producer.epoch() + 1);
  }

  /// A producer id that nobody has had is given out first.
  private Decision<Outcome> decided(List<TransactionChange> changes, ProducerEpoch producer) {
    List<StateRecord> records = new ArrayList<>(3);
    if (producer.producerId() == freshProducerId) {
      records.add(new ProducerIdsLeased(freshProducerId, 1));
    }
    changes.forEach(change -> records.add(new TransactionChanged(change)));
    return new Decision<>(records, new Outcome.Done(producer));
  }

  private static Decision<Outcome> changed(TransactionChange change, ProducerEpoch producer) {
    return Decision.of(new TransactionChanged(change), new Outcome.Done(producer));
  }

  private static Decision<Outcome> done(ProducerEpoch producer) {
    return Decision.of(new Outcome.Done(producer));
  }

  private static Decision<Outcome> refused(Refusal why) {
    return Decision.of(new Outcome.Refused(why));
  }
}
