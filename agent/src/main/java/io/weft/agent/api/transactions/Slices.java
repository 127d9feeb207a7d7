package io.weft.agent.api.transactions;

import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.transaction.Transactions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/// Asks the control plane about many things: each once, however often a client names it, and no
/// more at once than fit into one reply. Used once, by one thread.
///
/// @param <Q> what is asked about
/// @param <A> what is known of one
final class Slices<Q, A> {
  private final Function<List<Q>, List<Optional<A>>> ask;
  private final ToIntFunction<A> rows;
  private final Map<Q, Optional<A>> known = new LinkedHashMap<>();
  private long rowsLeft = Transactions.ROWS_MAX;

  /// @param rows how many of [Transactions#ROWS_MAX] one takes in the client's answer
  Slices(Function<List<Q>, List<Optional<A>>> ask, ToIntFunction<A> rows) {
    this.ask = ask;
    this.rows = rows;
  }

  /// Asks about all, until there are more rows than one answer shows.
  void ask(Collection<Q> questions) {
    List<Q> all = new ArrayList<>(new LinkedHashSet<>(questions));
    long rowsKnown = 0;
    for (int first = 0; first < all.size() && rowsKnown <= Transactions.ROWS_MAX; ) {
      int end = Math.min(all.size(), first + Transactions.QUESTIONS_MAX);
      rowsKnown += askSome(all.subList(first, end));
      first = end;
    }
  }

  private long askSome(List<Q> some) {
    List<Optional<A>> answers;
    try {
      answers = ask.apply(List.copyOf(some));
    } catch (ControlPlaneException.Rejected e) {
      if (some.size() == 1) {
        throw e;
      }
      int half = some.size() / 2;
      long rowsKnown = askSome(some.subList(0, half));
      return rowsKnown > Transactions.ROWS_MAX
          ? rowsKnown
          : rowsKnown + askSome(some.subList(half, some.size()));
    }
    long rowsKnown = 0;
    for (int i = 0; i < some.size(); i++) {
      known.put(some.get(i), answers.get(i));
      rowsKnown += answers.get(i).map(rows::applyAsInt).orElse(0);
    }
    return rowsKnown;
  }

  /// Whether one more answer about it fits; each time it is shown, it counts.
  boolean fits(Q question) {
    if (!known.containsKey(question)) {
      return false;
    }
    rowsLeft -= 1 + known.get(question).map(rows::applyAsInt).orElse(0);
    return rowsLeft >= 0;
  }

  /// What is known of one that was asked about.
  Optional<A> of(Q question) {
    return known.get(question);
  }
}
