package io.weft.controlplane.groups;

/// What became of a decision of Kafka's coordinator.
sealed interface Made<R> {
  record Done<R>(R response) implements Made<R> {}

  /// @param why the coordinator could not make the decision, or it could not take effect: all is as
  ///   before
  record Undone<R>(RuntimeException why) implements Made<R> {}
}
