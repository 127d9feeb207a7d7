package io.weft.controlplane.groups;

import io.weft.model.Invariant;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import org.apache.kafka.coordinator.common.runtime.CoordinatorExecutor;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRecord;
import org.apache.kafka.coordinator.common.runtime.CoordinatorResult;

/// What the coordinator would give to its thread pool (regular expressions over all topics): run in
/// the step that asked for it, after its own records. Owned by the leader thread.
final class ShardExecutor implements CoordinatorExecutor<CoordinatorRecord> {
  private final SequencedMap<String, Task<?>> tasks = new LinkedHashMap<>();

  private record Task<R>(TaskRunnable<R> work, TaskOperation<CoordinatorRecord, R> operation) {
    CoordinatorResult<Void, CoordinatorRecord> run() {
      R result = null;
      Throwable failure = null;
      try {
        result = work.run();
      } catch (Error e) {
        throw e;
      } catch (Throwable e) {
        // The operation hears of it and decides what to make of it.
        failure = e;
      }
      return operation.onComplete(result, failure);
    }
  }

  @Override
  public <R> boolean schedule(
      String key, TaskRunnable<R> task, TaskOperation<CoordinatorRecord, R> operation) {
    return tasks.putIfAbsent(key, new Task<>(task, operation)) == null;
  }

  @Override
  public boolean isScheduled(String key) {
    return tasks.containsKey(key);
  }

  @Override
  public void cancel(String key) {
    tasks.remove(key);
  }

  boolean hasTasks() {
    return !tasks.isEmpty();
  }

  /// Runs the task that was scheduled first.
  CoordinatorResult<Void, CoordinatorRecord> runNext() {
    Optional<Task<?>> next =
        Optional.ofNullable(tasks.pollFirstEntry()).map(each -> each.getValue());
    Invariant.check(next.isPresent(), "no task");
    return next.get().run();
  }
}
