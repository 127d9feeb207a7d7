package io.weft.controlplane.journal;

/// The two answers to "append".
public enum AppendOutcome {
  /// The entry is durable at its index.
  APPENDED,
  /// An entry of that index was there before, written by this process or another; it was not
  /// changed.
  TAKEN
}
