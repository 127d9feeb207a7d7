package io.weft.history.check;

import io.weft.history.Action;
import io.weft.history.History;
import io.weft.history.Op;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/// Chooses operations and records of a history to be changed. Owned by one thread.
final class Victims {
  private final History history;
  private final VersionOrder order;
  private final Random random;

  Victims(History history, Random random) {
    this.history = history;
    this.order = VersionOrder.of(history);
    this.random = random;
  }

  /// A record that was sent and has one place.
  record Sent(Op op, KeyLog log, Version version) {
    long offset() {
      return version.first();
    }

    boolean isIn(Sent other) {
      return log.key().equals(other.log.key());
    }
  }

  /// A run of the last reader, which has read everything from its beginning.
  record Run(Op op, Action.Run run, int index) {
    long offset(int i) {
      return run.offsets()[i];
    }
  }

  Random random() {
    return random;
  }

  VersionOrder order() {
    return order;
  }

  <T> Optional<T> any(List<T> some) {
    return some.isEmpty() ? Optional.empty() : Optional.of(some.get(random.nextInt(some.size())));
  }

  List<Op> ops(Predicate<Op> wanted) {
    return history.ops().stream().filter(wanted).toList();
  }

  /// Those that were read, lie at one offset only, and whose senders know that they were sent.
  List<Sent> acked() {
    List<Sent> acked = new ArrayList<>();
    for (Op op : history.ops()) {
      for (Action.Step step : VersionOrder.steps(op)) {
        if (op.isOk() && step instanceof Action.Send send) {
          Version version = order.key(send.key()).version(send.value());
          if (version.isRead() && version.first() == version.last()) {
            acked.add(new Sent(op, order.key(send.key()), version));
          }
        }
      }
    }
    return acked;
  }

  /// Those of them whose offset was told to their senders.
  List<Sent> placed() {
    return acked().stream()
        .filter(
            sent ->
                VersionOrder.steps(sent.op()).stream()
                    .anyMatch(
                        step ->
                            step instanceof Action.Send send
                                && send.value() == sent.version().value()
                                && send.offset() == sent.offset()))
        .toList();
  }

  /// Two of them that fit each other, in the order in which they were sent.
  Optional<List<Sent>> pair(List<Sent> from, BiPredicate<Sent, Sent> fit) {
    List<Sent> shuffled = new ArrayList<>(from);
    Collections.shuffle(shuffled, random);
    for (Sent one : shuffled) {
      for (Sent other : shuffled) {
        if (one.version().value() != other.version().value()
            && one.isIn(other)
            && one.offset() < other.offset()
            && fit.test(one, other)) {
          return Optional.of(List.of(one, other));
        }
      }
    }
    return Optional.empty();
  }

  /// What the last reader was given.
  List<Run> finalRuns() {
    int last = history.ops().getLast().process();
    List<Run> runs = new ArrayList<>();
    for (Op op : history.ops()) {
      if (op.process() == last && op.action() instanceof Action.Poll poll) {
        for (Action.Run run : poll.runs()) {
          runs.add(new Run(op, run, runs.size()));
        }
      }
    }
    return runs;
  }

  /// The last one of a key.
  Optional<Run> finalRun(String key) {
    return finalRuns().stream().filter(run -> run.run().key().equals(key)).reduce((_, b) -> b);
  }
}
