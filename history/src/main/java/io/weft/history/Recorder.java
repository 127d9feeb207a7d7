package io.weft.history;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/// Takes down what clients do, as they do it. Thread-safe.
///
/// The order and the times of the events agree: both are given under one lock.
public final class Recorder {
  private final LongSupplier nanos;
  private final Consumer<Event> sink;
  private final ReentrantLock lock = new ReentrantLock();
  private int ops;

  /// @param nanos a clock that never goes back
  /// @param sink is given one event after another: a [HistoryWriter], a [HistoryBuilder], a list's
  ///   `add`
  public Recorder(LongSupplier nanos, Consumer<Event> sink) {
    this.nanos = nanos;
    this.sink = sink;
  }

  /// To be called before anything of it can happen.
  ///
  /// @return its number, for its completion
  public int invoke(int process, Action action) {
    lock.lock();
    try {
      int op = ops++;
      sink.accept(new Event.Invocation(op, process, nanos.getAsLong(), action));
      return op;
    } finally {
      lock.unlock();
    }
  }

  /// To be called after the last of it has happened; once at most.
  public void complete(int op, Outcome outcome, Action action) {
    lock.lock();
    try {
      sink.accept(new Event.Completion(op, outcome, nanos.getAsLong(), action));
    } finally {
      lock.unlock();
    }
  }

  public void ok(int op, Action action) {
    complete(op, Outcome.OK, action);
  }

  public void fail(int op, Action action) {
    complete(op, Outcome.FAIL, action);
  }

  public void info(int op, Action action) {
    complete(op, Outcome.INFO, action);
  }

  /// Something that is done as soon as it is said: [Action.Assign], [Action.Crash].
  public void note(int process, Action action) {
    ok(invoke(process, action), action);
  }
}
