package io.weft.history;

/// How an operation ended, as its client knows.
public enum Outcome {
  /// It happened.
  OK,
  /// It did not and will not happen.
  FAIL,
  /// It may have happened, or may still happen.
  INFO
}
