package io.weft.history;

/// One line of a history. Times are nanoseconds of one clock that never goes back.
public sealed interface Event {
  /// The number of the operation: every one is invoked once and completed at most once.
  int op();

  long nanos();

  Action action();

  /// @param process the client: a producer's invocations are in the order it was called, and may
  ///   overlap; of everything else a client does one thing at a time
  record Invocation(int op, int process, long nanos, Action action) implements Event {}

  /// @param action as invoked, with what is known now: offsets, what was polled
  record Completion(int op, Outcome outcome, long nanos, Action action) implements Event {}
}
