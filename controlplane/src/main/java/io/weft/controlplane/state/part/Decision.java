package io.weft.controlplane.state.part;

import java.util.List;

/// What a question comes to, where deciding is apart from changing the state: the records to be
/// made, in order, and what the caller is told.
public record Decision<R>(List<StateRecord> records, R reply) {
  /// Nothing changes.
  public static <R> Decision<R> of(R reply) {
    return new Decision<>(List.of(), reply);
  }

  public static <R> Decision<R> of(StateRecord record, R reply) {
    return new Decision<>(List.of(record), reply);
  }
}
