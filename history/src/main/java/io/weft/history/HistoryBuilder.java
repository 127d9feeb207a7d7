package io.weft.history;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Joins events to operations, and refuses what no harness may record: an operation completed twice
/// or before it was invoked, a completion of something else, time that goes back. Owned by one
/// thread at a time.
public final class HistoryBuilder implements Consumer<Event> {
  private final List<Op> ops = new ArrayList<>();
  private long lastNanos = Long.MIN_VALUE;

  @Override
  public void accept(Event event) {
    check(event.nanos() >= lastNanos, event, "its time is before the last one's");
    lastNanos = event.nanos();
    switch (event) {
      case Event.Invocation(int op, int process, long nanos, Action action) -> {
        check(op == ops.size(), event, "operations are numbered from 0 as they are invoked");
        ops.add(new Op(op, process, Outcome.INFO, nanos, Op.NEVER, action));
      }
      case Event.Completion(int op, Outcome outcome, long nanos, Action action) -> {
        check(op >= 0 && op < ops.size(), event, "it was never invoked");
        Op open = ops.get(op);
        check(open.completedNanos() == Op.NEVER, event, "it is complete already");
        check(completes(open.action(), action), event, "it was invoked as " + open.action());
        ops.set(op, new Op(op, open.process(), outcome, open.invokedNanos(), nanos, action));
      }
    }
  }

  /// What has been recorded; operations without a completion have the outcome INFO.
  public History history() {
    return new History(ops);
  }

  /// A transaction's steps become known as it goes: only the sends it began with must be in it.
  private static boolean completes(Action invoked, Action completed) {
    return switch (invoked) {
      case Action.Send(String key, long _, long value) ->
          completed instanceof Action.Send send && send.key().equals(key) && send.value() == value;
      case Action.Poll _ -> completed instanceof Action.Poll;
      case Action.Transaction _ -> completed instanceof Action.Transaction;
      case Action.Committed(String group, List<Action.Place> _) ->
          completed instanceof Action.Committed asked && asked.group().equals(group);
      case Action.Commit _, Action.Assign _, Action.Subscribe _, Action.Crash _, Action.Fault _ ->
          completed.equals(invoked);
    };
  }

  private static void check(boolean holds, Event event, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException("no history: " + event + ": " + otherwise);
    }
  }
}
