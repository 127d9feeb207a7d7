package io.weft.controlplane.groups.work;

import java.util.Optional;
import java.util.Set;

/// The topics and their version as a task sees them. Immutable.
///
/// The coordinator's task asks its metadata when it runs, and the leader's thread changes that
/// meanwhile: so each task is bound to what was there when it began.
public record SeenTopics(long version, Set<String> names) {
  private static final ScopedValue<SeenTopics> BOUND = ScopedValue.newInstance();

  /// What this thread must see; empty for the leader's.
  public static Optional<SeenTopics> bound() {
    return BOUND.isBound() ? Optional.of(BOUND.get()) : Optional.empty();
  }

  void during(Runnable task) {
    ScopedValue.where(BOUND, this).run(task);
  }
}
