package io.weft.controlplane.state.transaction;

import java.util.List;

/// What a step comes to: the changes that make it so, and what the asker is told.
///
/// @param tookProducerId whether the fresh producer id is in use from now on
public record Ruling<R>(List<TransactionChange> changes, R reply, boolean tookProducerId) {
  static <R> Ruling<R> of(R reply) {
    return new Ruling<>(List.of(), reply, false);
  }
}
