package io.weft.controlplane.groups.work;

import io.weft.environment.Environment;
import io.weft.model.Invariant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Supplier;
import org.apache.kafka.coordinator.common.runtime.CoordinatorExecutor;
import org.apache.kafka.coordinator.common.runtime.CoordinatorMetadataImage;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRecord;
import org.apache.kafka.coordinator.common.runtime.CoordinatorResult;

/// The coordinator's thread pool (regular expressions over all topics): one task at a time, on a
/// thread beside the leader's, for a limited time. The leader applies the result. Owned by the
/// leader thread.
public final class ShardExecutor implements CoordinatorExecutor<CoordinatorRecord> {
  /// Those that wait and the one that runs, by key.
  private final SequencedMap<String, Task<?>> tasks = new LinkedHashMap<>();

  private final RegexMembers members = new RegexMembers();
  private final Environment environment;
  private final Runnable atEnd;
  private List<Map.Entry<String, Task<?>>> before = List.of();
  private Optional<Running<?>> running = Optional.empty();
  private String[] names = new String[0];
  private long namesVersion = -1;

  /// @param atEnd called by any thread when a task is done
  public ShardExecutor(Environment environment, Runnable atEnd) {
    this.environment = environment;
    this.atEnd = atEnd;
  }

  /// @param brought what members have brought that it looks at, by member
  private record Task<R>(
      String group,
      Map<String, String> brought,
      TaskRunnable<R> work,
      TaskOperation<CoordinatorRecord, R> operation) {}

  private record Running<R>(String key, Task<R> task, BesideTask<R> beside) {
    CoordinatorResult<Void, CoordinatorRecord> finish() {
      return task.operation().onComplete(beside.result(), beside.failure());
    }
  }

  /// The members that tasks are scheduled for.
  public RegexMembers members() {
    return members;
  }

  @Override
  public <R> boolean schedule(
      String key, TaskRunnable<R> task, TaskOperation<CoordinatorRecord, R> operation) {
    if (tasks.containsKey(key)) {
      return false;
    }
    String group = members.group();
    tasks.put(key, new Task<>(group, members.unmatched(group), task, operation));
    return true;
  }

  @Override
  public boolean isScheduled(String key) {
    return tasks.containsKey(key);
  }

  @Override
  public void cancel(String key) {
    tasks.remove(key);
  }

  /// From here on the tasks can be restored.
  public void watch() {
    before = tasks.isEmpty() ? List.of() : List.copyOf(tasks.entrySet());
  }

  /// The tasks are as they were at [#watch].
  public void restore() {
    tasks.clear();
    before.forEach(task -> tasks.put(task.getKey(), task.getValue()));
  }

  /// Begins what was scheduled first, unless something is running.
  ///
  /// @param topics which it looks at as they are now
  public void runNext(CoordinatorMetadataImage topics) {
    if (running.isEmpty() && !tasks.isEmpty()) {
      Map.Entry<String, Task<?>> first = tasks.firstEntry();
      running = Optional.of(begin(first.getKey(), first.getValue(), topics));
    }
  }

  private <R> Running<R> begin(String key, Task<R> task, CoordinatorMetadataImage topics) {
    if (namesVersion != topics.version()) {
      names = topics.topicNames().toArray(new String[0]);
      namesVersion = topics.version();
    }
    BesideTask<R> beside = new BesideTask<>(task.work(), environment);
    beside.start(new SeenTopics(namesVersion, new TopicNames(names, beside::step)), atEnd);
    return new Running<>(key, task, beside);
  }

  /// Whether a task is done and not taken yet.
  public boolean hasDone() {
    return running.isPresent() && running.get().beside().isDone();
  }

  /// What the task that is done leads to; empty if it was cancelled meanwhile.
  public Optional<Supplier<CoordinatorResult<Void, CoordinatorRecord>>> takeDone() {
    Invariant.check(hasDone(), "no task is done");
    Running<?> taken = running.get();
    running = Optional.empty();
    Throwable failure = taken.beside().failure();
    String group = taken.task().group();
    if (failure == null) {
      members.matched(group, taken.task().brought());
    } else {
      members.failed(group, taken.task().brought(), String.valueOf(failure.getMessage()));
    }
    return tasks.remove(taken.key(), taken.task()) ? Optional.of(taken::finish) : Optional.empty();
  }

  /// Nobody waits for anything any more.
  public void close() {
    running.ifPresent(task -> task.beside().abandon());
  }
}
