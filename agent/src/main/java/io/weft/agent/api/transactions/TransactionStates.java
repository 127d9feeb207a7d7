package io.weft.agent.api.transactions;

import io.weft.controlplane.api.transaction.Transactions.State;
import java.util.List;
import java.util.Optional;

/// The states of transactions by Kafka's names.
final class TransactionStates {
  /// States that Kafka has on the way from one to another, and that no transaction is in here.
  private static final List<String> NEVER_HERE =
      List.of("PrepareCommit", "PrepareAbort", "PrepareEpochFence", "Dead");

  private TransactionStates() {}

  static String name(State state) {
    return switch (state) {
      case EMPTY -> "Empty";
      case ONGOING -> "Ongoing";
      case COMPLETE_COMMIT -> "CompleteCommit";
      case COMPLETE_ABORT -> "CompleteAbort";
    };
  }

  static boolean isName(String name) {
    return NEVER_HERE.contains(name) || of(name).isPresent();
  }

  static Optional<State> of(String name) {
    for (State state : State.values()) {
      if (name(state).equals(name)) {
        return Optional.of(state);
      }
    }
    return Optional.empty();
  }
}
