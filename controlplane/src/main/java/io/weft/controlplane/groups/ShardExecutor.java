package io.weft.controlplane.groups;

import io.weft.model.Invariant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Supplier;
import org.apache.kafka.coordinator.common.runtime.CoordinatorExecutor;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRecord;
import org.apache.kafka.coordinator.common.runtime.CoordinatorResult;

/// What the coordinator would give to its thread pool (regular expressions over all topics): run in
/// the step that asked for it, after its own records. Owned by the leader thread.
final class ShardExecutor implements CoordinatorExecutor<CoordinatorRecord> {
  private final SequencedMap<String, Task<?>> tasks = new LinkedHashMap<>();
  private List<Map.Entry<String, Task<?>>> before = List.of();

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

  /// From here on the tasks can be restored.
  void watch() {
    before = tasks.isEmpty() ? List.of() : List.copyOf(tasks.entrySet());
  }

  /// The tasks are as they were at [#watch].
  void restore() {
    tasks.clear();
    before.forEach(task -> tasks.put(task.getKey(), task.getValue()));
  }

  /// The task that was scheduled first, to be run.
  Supplier<CoordinatorResult<Void, CoordinatorRecord>> takeNext() {
    Optional<Task<?>> next =
        Optional.ofNullable(tasks.pollFirstEntry()).map(each -> each.getValue());
    Invariant.check(next.isPresent(), "no task");
    return next.get()::run;
  }
}
