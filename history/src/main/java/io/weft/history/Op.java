package io.weft.history;

/// One operation, from its invocation to its completion.
///
/// @param index its place in the order of invocations
/// @param completedNanos [#NEVER] if it never was completed; its outcome is INFO then
/// @param action as completed, or else as invoked
public record Op(
    int index,
    int process,
    Outcome outcome,
    long invokedNanos,
    long completedNanos,
    Action action) {
  public static final long NEVER = Long.MAX_VALUE;

  public boolean isOk() {
    return outcome == Outcome.OK;
  }
}
