package io.weft.history;

import java.util.Arrays;
import java.util.List;

/// What a client does in one operation. A key is a partition of a topic; a value is a number sent
/// to a key only once.
public sealed interface Action {
  /// The offset of something sent whose place is not known.
  long UNKNOWN = -1;

  /// What a transaction is made of.
  sealed interface Step extends Action {}

  /// Sends one record.
  ///
  /// @param offset where it was told to be, or [#UNKNOWN]
  record Send(String key, long offset, long value) implements Step {
    public Send(String key, long value) {
      this(key, UNKNOWN, value);
    }

    /// The same, placed.
    public Send at(long placed) {
      return new Send(key, placed, value);
    }
  }

  /// Asks for whatever comes next of every key the client reads.
  ///
  /// @param runs in the order they were given; empty when it is invoked
  /// @param rebalanced the keys it was given or that were taken from it meanwhile
  record Poll(List<Run> runs, List<String> rebalanced) implements Step {
    public Poll {
      runs = List.copyOf(runs);
      rebalanced = List.copyOf(rebalanced);
    }

    public Poll(List<Run> runs) {
      this(runs, List.of());
    }

    public Poll() {
      this(List.of());
    }
  }

  /// Says where a group goes on in a key: as a step of a transaction, once that is committed. Of
  /// one group and key, what is said later is never lower: its members begin at what was said last.
  ///
  /// @param offset of the next record
  record Commit(String group, String key, long offset) implements Step {}

  /// Asks where a group goes on.
  ///
  /// @param places empty when it is invoked
  record Committed(String group, List<Place> places) implements Action {
    public Committed {
      places = List.copyOf(places);
    }

    public Committed(String group) {
      this(group, List.of());
    }
  }

  /// @param offset of the next record, or [#UNKNOWN] if nobody has said where
  record Place(String key, long offset) {}

  /// Steps that happen all or not at all: OK says committed, FAIL aborted.
  record Transaction(List<Step> steps) implements Action {
    public Transaction {
      steps = List.copyOf(steps);
    }
  }

  /// From now on the client reads exactly these keys; it goes on where it was with those it read
  /// before.
  record Assign(List<String> keys) implements Action {
    public Assign {
      keys = List.copyOf(keys);
    }
  }

  /// From now on a group decides what the client reads, and from where.
  record Subscribe() implements Action {}

  /// The client is no more; a client that goes on under its number knows nothing of it.
  record Crash() implements Action {}

  /// Something done to the cluster and not by a client, from its invocation to its completion.
  ///
  /// @param name of the characters a key may have
  record Fault(String name) implements Action {}

  /// Records of one key in the order they were given. The arrays have one length and are not
  /// changed.
  record Run(String key, long[] offsets, long[] values) {
    public Run {
      if (offsets.length != values.length || offsets.length == 0) {
        throw new IllegalArgumentException(
            "%d offsets and %d values".formatted(offsets.length, values.length));
      }
    }

    public int count() {
      return offsets.length;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Run run
          && key.equals(run.key)
          && Arrays.equals(offsets, run.offsets)
          && Arrays.equals(values, run.values);
    }

    @Override
    public int hashCode() {
      return key.hashCode() + 31 * (Arrays.hashCode(offsets) + 31 * Arrays.hashCode(values));
    }

    @Override
    public String toString() {
      return "%s %s at %s".formatted(key, Arrays.toString(values), Arrays.toString(offsets));
    }
  }
}
