package io.weft.controlplane.state;

import java.util.List;

/// What a command comes to: the records that make it so, and what the asker is told.
record Decision<R>(List<StateRecord> records, R reply) {
  /// Nothing changes.
  static <R> Decision<R> of(R reply) {
    return new Decision<>(List.of(), reply);
  }

  static <R> Decision<R> of(StateRecord record, R reply) {
    return new Decision<>(List.of(record), reply);
  }
}
