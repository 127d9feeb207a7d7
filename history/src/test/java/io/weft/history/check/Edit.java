package io.weft.history.check;

import io.weft.history.Action;
import io.weft.history.History;
import io.weft.history.Op;
import io.weft.history.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A history that is being changed. Owned by one thread.
final class Edit {
  private final List<Op> ops;

  Edit(History history) {
    this.ops = new ArrayList<>(history.ops());
  }

  /// One record of a poll.
  record Read(long offset, long value) {}

  /// What takes a record's place; none, one or more.
  interface Rewriting {
    List<Read> rewrite(Op op, String key, Read read);
  }

  History history() {
    return new History(ops);
  }

  void put(Op op) {
    ops.set(op.index(), op);
  }

  void complete(Op op, Outcome outcome, Action action) {
    put(new Op(op.index(), op.process(), outcome, op.invokedNanos(), op.completedNanos(), action));
  }

  Op last() {
    return ops.getLast();
  }

  void append(Op op) {
    ops.add(op);
  }

  /// Gives an operation that polls one more record, after all it was given.
  void give(Op op, String key, long offset, long value) {
    Action.Run run = new Action.Run(key, new long[] {offset}, new long[] {value});
    switch (ops.get(op.index()).action()) {
      case Action.Poll(List<Action.Run> runs, List<String> rebalanced) -> {
        List<Action.Run> more = new ArrayList<>(runs);
        more.add(run);
        complete(op, op.outcome(), new Action.Poll(more, rebalanced));
      }
      case Action.Transaction(List<Action.Step> steps) -> {
        List<Action.Step> more = new ArrayList<>(steps);
        more.add(new Action.Poll(List.of(run)));
        complete(op, op.outcome(), new Action.Transaction(more));
      }
      case Action.Send _,
          Action.Commit _,
          Action.Committed _,
          Action.Assign _,
          Action.Subscribe _,
          Action.Crash _,
          Action.Fault _ ->
          throw new IllegalArgumentException("polls nothing: " + op);
    }
  }

  /// Gives the last reader one more record of a key, after all it was given.
  boolean giveAtEnd(Victims victims, Action.Send what) {
    Optional<Victims.Run> last = victims.finalRun(what.key());
    last.ifPresent(
        run -> {
          long end = run.offset(run.run().count() - 1) + 1;
          give(run.op(), run.run().key(), end, what.value());
        });
    return last.isPresent();
  }

  /// Exchanges what lies at two offsets of a key, for its readers and its writers.
  void exchange(String key, long one, long other) {
    long first = valueAt(key, one);
    long second = valueAt(key, other);
    reads(
        (_, in, read) ->
            !in.equals(key)
                ? List.of(read)
                : read.value() == first
                    ? List.of(new Read(read.offset(), second))
                    : read.value() == second
                        ? List.of(new Read(read.offset(), first))
                        : List.of(read));
    for (Op op : List.copyOf(ops)) {
      switch (op.action()) {
        case Action.Send send -> complete(op, op.outcome(), moved(send, key, one, other));
        case Action.Transaction(List<Action.Step> steps) ->
            complete(
                op,
                op.outcome(),
                new Action.Transaction(
                    steps.stream()
                        .map(
                            step ->
                                step instanceof Action.Send s ? moved(s, key, one, other) : step)
                        .toList()));
        case Action.Poll _,
            Action.Commit _,
            Action.Committed _,
            Action.Assign _,
            Action.Subscribe _,
            Action.Crash _,
            Action.Fault _ -> {}
      }
    }
  }

  void reads(Rewriting rewriting) {
    for (Op op : List.copyOf(ops)) {
      switch (op.action()) {
        case Action.Poll poll -> complete(op, op.outcome(), rewritten(op, poll, rewriting));
        case Action.Transaction(List<Action.Step> steps) -> {
          List<Action.Step> changed = new ArrayList<>();
          for (Action.Step step : steps) {
            changed.add(step instanceof Action.Poll poll ? rewritten(op, poll, rewriting) : step);
          }
          complete(op, op.outcome(), new Action.Transaction(changed));
        }
        case Action.Send _,
            Action.Commit _,
            Action.Committed _,
            Action.Assign _,
            Action.Subscribe _,
            Action.Crash _,
            Action.Fault _ -> {}
      }
    }
  }

  private long valueAt(String key, long offset) {
    return VersionOrder.of(history()).key(key).valueAt(offset);
  }

  private static Action.Send moved(Action.Send send, String key, long one, long other) {
    if (!send.key().equals(key) || (send.offset() != one && send.offset() != other)) {
      return send;
    }
    return send.at(send.offset() == one ? other : one);
  }

  private static Action.Poll rewritten(Op op, Action.Poll poll, Rewriting rewriting) {
    List<Action.Run> runs = new ArrayList<>();
    for (Action.Run run : poll.runs()) {
      List<Read> reads = new ArrayList<>();
      for (int i = 0; i < run.count(); i++) {
        reads.addAll(rewriting.rewrite(op, run.key(), new Read(run.offsets()[i], run.values()[i])));
      }
      if (!reads.isEmpty()) {
        runs.add(
            new Action.Run(
                run.key(),
                reads.stream().mapToLong(Read::offset).toArray(),
                reads.stream().mapToLong(Read::value).toArray()));
      }
    }
    return new Action.Poll(runs, poll.rebalanced());
  }
}
