package io.weft.controlplane.api.transaction;

import io.weft.controlplane.api.question.OneEach;
import io.weft.controlplane.api.question.Question;
import io.weft.controlplane.codec.shape.AtMost;
import io.weft.controlplane.codec.shape.Kind;
import io.weft.model.PartitionId;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What transactional producers and their operators may ask.
public interface Transactions {
  /// Transactional ids of the cluster, at most.
  int TRANSACTIONAL_IDS_MAX = 1_000_000;

  /// Partitions of one transaction, at most.
  int PARTITIONS_MAX = 100_000;

  /// Consumer groups of one transaction, at most.
  int GROUPS_MAX = 1_000;

  /// Transactional ids or partitions that one question may name.
  int QUESTIONS_MAX = 10_000;

  /// Partitions of transactions, or producers of partitions, that one answer shows. A call that
  /// asks for more is rejected, and its agent then asks for fewer at a time: what is asked for
  /// alone always fits.
  int ROWS_MAX = 250_000;

  /// Transactions that one answer lists; ask on for more.
  int LISTED_MAX = 10_000;

  /// The states that there are.
  int STATES = 4;

  /// Producers of one partition that an answer shows; those with the lowest ids if it has more.
  int PRODUCERS_SHOWN_MAX = 10_000;

  /// Takes a step, whole and at once; asked again after a lost answer it does no harm.
  @Question(kind = 50, name = "TakeTransactionStep")
  Outcome take(TransactionStep step);

  /// @return one per id, in order; empty for an id that is not known
  @Question(kind = 51, name = "DescribeTransactions")
  @AtMost(QUESTIONS_MAX)
  List<Optional<Description>> describe(
      @OneEach @AtMost(QUESTIONS_MAX) List<String> transactionalIds);

  /// The transactions that pass a filter, by the order of their ids.
  ///
  /// @param after only ids behind this one; empty: from the first on
  /// @return at most [#LISTED_MAX]
  @Question(kind = 52, name = "ListTransactions")
  @AtMost(LISTED_MAX)
  List<Listed> list(Filter filter, String after);

  /// The idempotent producers that partitions remember.
  ///
  /// @return one list per partition, in order, by producer id; empty for one that is not there
  @Question(kind = 53, name = "DescribeProducers")
  @AtMost(QUESTIONS_MAX)
  List<Optional<@AtMost(PRODUCERS_SHOWN_MAX) List<ActiveProducer>>> producers(
      @OneEach @AtMost(QUESTIONS_MAX) List<PartitionId> partitions);

  sealed interface Outcome {
    /// @param producer what the producer is from now on
    @Kind(0)
    record Done(ProducerEpoch producer) implements Outcome {}

    @Kind(1)
    record Refused(Refusal why) implements Outcome {}
  }

  /// Written as its place: only ever append.
  enum Refusal {
    /// The transactional id is not known, or another producer id's.
    UNKNOWN_PRODUCER,
    /// Somebody else has taken over, or the transaction was aborted over its producer's head.
    FENCED,
    /// Not now: nothing to end, or ended in the other way.
    INVALID_STATE,
    LIMIT_REACHED,
    /// It came on a connection that the producer seems to have left for another, and may be a late
    /// copy. A producer that means it asks again on a new connection.
    SUPERSEDED
  }

  /// Written as its place: only ever append.
  enum State {
    EMPTY,
    ONGOING,
    COMPLETE_COMMIT,
    COMPLETE_ABORT
  }

  /// @param startedMs when the open transaction began, or the last one did; -1 if none ever has
  /// @param partitions of the open transaction, in order
  record Description(
      State state,
      ProducerEpoch producer,
      int timeoutMs,
      long startedMs,
      @AtMost(PARTITIONS_MAX) List<PartitionId> partitions) {}

  record Listed(String transactionalId, long producerId, State state) {}

  /// @param producerIds empty: all
  /// @param states empty: all
  /// @param runningMs only transactions that began longer ago; negative: all
  record Filter(
      @AtMost(QUESTIONS_MAX) Set<Long> producerIds,
      @AtMost(STATES) Set<State> states,
      long runningMs) {
    public static final Filter NONE = new Filter(Set.of(), Set.of(), -1);
  }

  /// @param lastSequence of its last batch, or -1 if it has none in this epoch
  /// @param lastUsedMs when it last placed a batch or ended a transaction here
  /// @param ended whether one of its transactions ever ended here
  /// @param transactionStart where its open transaction begins, or -1
  record ActiveProducer(
      ProducerEpoch producer,
      int lastSequence,
      long lastUsedMs,
      boolean ended,
      long transactionStart) {}
}
