package io.weft.controlplane.state.share;

/// What a record's state is for a group.
sealed interface DeliveryState {
  /// The member that asks first may have it.
  ///
  /// @param deliveries without success, so far
  record Free(int deliveries) implements DeliveryState {}

  /// A member has it.
  ///
  /// @param deliveries this one included
  record Locked(int deliveries, String member, long deadlineMs) implements DeliveryState {}

  /// Acknowledged, or given up.
  record Finished() implements DeliveryState {}

  /// What is left of it after a fail-over: deliveries without success, or
  /// [ShareChange.SettledRun#FINISHED].
  default int durable() {
    return switch (this) {
      case Free free -> free.deliveries;
      case Locked locked -> locked.deliveries - 1;
      case Finished _ -> ShareChange.SettledRun.FINISHED;
    };
  }

  static DeliveryState ofDurable(int deliveries) {
    return deliveries == ShareChange.SettledRun.FINISHED ? new Finished() : new Free(deliveries);
  }
}
