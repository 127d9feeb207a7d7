package io.weft.controlplane.groups.work;

import io.weft.environment.Clock;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.coordinator.common.runtime.CoordinatorRecord;
import org.apache.kafka.coordinator.common.runtime.CoordinatorTimer;

/// The coordinator's timer: one operation per key, due by the leader's monotonic clock, run by the
/// leader when no request waits. Owned by the leader thread.
///
/// Time in which the leader could not listen (a slow store held it up) is not counted: members
/// could not be heard, and must not run out for that.
public final class ShardTimer implements CoordinatorTimer<CoordinatorRecord> {
  /// The leader looks at least this often.
  public static final long LOOK_EVERY_MS = 1_000;

  private static final long RETRY_AFTER_MS = 500;

  private final Clock clock;
  private final TreeMap<Due, Task> tasks = new TreeMap<>();
  private final Map<String, Due> dueByKey = new HashMap<>();
  private final SequencedMap<String, Map.Entry<Due, Task>> cancelled = new LinkedHashMap<>();
  private long lookedAtMs;
  private long heldUpMs;
  private long nextOrder;

  public ShardTimer(Clock clock) {
    this.clock = clock;
    this.lookedAtMs = clock.monotonicMs();
  }

  /// @param order of being scheduled: what is due at once runs in it
  private record Due(long dueMs, long order) implements Comparable<Due> {
    @Override
    public int compareTo(Due other) {
      return dueMs == other.dueMs
          ? Long.compare(order, other.order)
          : Long.compare(dueMs, other.dueMs);
    }
  }

  /// @param retry whether it is scheduled again if it fails
  public record Task(
      String key,
      boolean retry,
      long retryAfterMs,
      TimeoutOperation<CoordinatorRecord> operation) {}

  @Override
  public void schedule(
      String key,
      long delay,
      TimeUnit unit,
      boolean retry,
      TimeoutOperation<CoordinatorRecord> operation) {
    schedule(key, delay, unit, retry, RETRY_AFTER_MS, operation);
  }

  @Override
  public void schedule(
      String key,
      long delay,
      TimeUnit unit,
      boolean retry,
      long retryBackoff,
      TimeoutOperation<CoordinatorRecord> operation) {
    put(new Task(key, retry, retryBackoff, operation), unit.toMillis(delay));
  }

  @Override
  public void scheduleIfAbsent(
      String key,
      long delay,
      TimeUnit unit,
      boolean retry,
      TimeoutOperation<CoordinatorRecord> operation) {
    if (!isScheduled(key)) {
      schedule(key, delay, unit, retry, operation);
    }
  }

  @Override
  public void cancel(String key) {
    Due due = dueByKey.remove(key);
    if (due != null) {
      cancelled.putIfAbsent(key, Map.entry(due, tasks.remove(due)));
    }
  }

  /// From here on what is cancelled can be restored.
  public void watch() {
    cancelled.clear();
  }

  /// Brings back what was cancelled since [#watch], unless its key was scheduled anew.
  public void restore() {
    cancelled.forEach(
        (key, task) -> {
          if (dueByKey.putIfAbsent(key, task.getKey()) == null) {
            tasks.put(task.getKey(), task.getValue());
          }
        });
    cancelled.clear();
  }

  @Override
  public boolean isScheduled(String key) {
    return dueByKey.containsKey(key);
  }

  /// Milliseconds until the next look: when something is due, and [#LOOK_EVERY_MS] after the last
  /// one at the latest.
  public long waitMs() {
    long lookMs = lookedAtMs + LOOK_EVERY_MS - clock.monotonicMs();
    long waitMs = tasks.isEmpty() ? lookMs : Math.min(lookMs, tasks.firstKey().dueMs() - timeMs());
    return Math.max(0, waitMs);
  }

  /// Sees how long nobody has looked; to be called before what is due is taken.
  public void look() {
    long nowMs = clock.monotonicMs();
    heldUpMs += Math.max(0, nowMs - lookedAtMs - 2 * LOOK_EVERY_MS);
    lookedAtMs = nowMs;
  }

  /// The next task that is due, which is then no longer scheduled.
  public Optional<Task> takeDue() {
    if (tasks.isEmpty() || tasks.firstKey().dueMs() > timeMs()) {
      return Optional.empty();
    }
    Task task = tasks.pollFirstEntry().getValue();
    dueByKey.remove(task.key());
    return Optional.of(task);
  }

  /// It failed: again later, if it wants that and nobody has scheduled its key meanwhile.
  public void failed(Task task) {
    if (task.retry() && !isScheduled(task.key())) {
      put(task, task.retryAfterMs());
    }
  }

  private void put(Task task, long delayMs) {
    cancel(task.key());
    Due due = new Due(timeMs() + Math.max(0, delayMs), nextOrder++);
    tasks.put(due, task);
    dueByKey.put(task.key(), due);
  }

  private long timeMs() {
    return clock.monotonicMs() - heldUpMs;
  }
}
