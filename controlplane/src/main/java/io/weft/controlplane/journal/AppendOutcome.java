package io.weft.controlplane.journal;

/// The two answers to "append".
public enum AppendOutcome {
  /// The entry is durable at its index.
  APPENDED,
  /// An entry of that index was there before, whoever wrote it; it was not changed.
  TAKEN
}
