package io.weft.controlplane.groups;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/// A response the coordinator will complete, in this step or a later one: it is handed on by the
/// same call, so that a failure to do so stops the leader instead of being kept in a future.
final class DeferredResponse<T> extends CompletableFuture<T> {
  private final Consumer<T> arrived;

  DeferredResponse(Consumer<T> arrived) {
    this.arrived = arrived;
  }

  @Override
  public boolean complete(T value) {
    boolean first = super.complete(value);
    if (first) {
      arrived.accept(value);
    }
    return first;
  }
}
