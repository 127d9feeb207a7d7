package io.weft.controlplane.groups.work;

import io.weft.environment.Environment;
import io.weft.environment.Tasks;
import org.apache.kafka.common.errors.InvalidRegularExpression;
import org.apache.kafka.coordinator.common.runtime.CoordinatorExecutor.TaskRunnable;

/// A task on a thread beside the leader's: it lets others have the processor between slices, and
/// ends when its time is over. Its results are read once it is done.
final class BesideTask<R> {
  /// How long one task may take.
  static final long TIME_MS_MAX = 10_000;

  private static final long SLICE_MS = 10;
  private static final long REST_MS = 1;

  private final TaskRunnable<R> work;
  private final Environment environment;
  private final long endMs;
  private long sliceEndMs;
  private R result;
  private Throwable failure;
  private volatile boolean abandoned;
  private volatile boolean done;

  BesideTask(TaskRunnable<R> work, Environment environment) {
    this.work = work;
    this.environment = environment;
    this.endMs = environment.clock().monotonicMs() + TIME_MS_MAX;
  }

  /// @param atEnd called by the task's thread when it is done
  void start(SeenTopics topics, Runnable atEnd) {
    Tasks tasks = environment.tasks();
    tasks.start(
        "group-task",
        () -> {
          topics.during(this::run);
          done = true;
          atEnd.run();
        });
  }

  private void run() {
    sliceEndMs = environment.clock().monotonicMs() + SLICE_MS;
    try {
      result = work.run();
    } catch (StackOverflowError | OutOfMemoryError e) {
      // What it asked for cannot be done here. This thread has nothing else to lose.
      failure = new InvalidRegularExpression("Matching it needs too much memory.");
    } catch (Error e) {
      throw e;
    } catch (Throwable e) {
      // The operation hears of it and decides what to make of it.
      failure = e;
    }
  }

  /// To be called by the task between two steps of it.
  void step() {
    long nowMs = environment.clock().monotonicMs();
    if (abandoned) {
      throw new InvalidRegularExpression("Nobody waits for it any more.");
    }
    if (nowMs > endMs) {
      throw new InvalidRegularExpression(
          "Matching it against all topics takes more than %d ms.".formatted(TIME_MS_MAX));
    }
    if (nowMs >= sliceEndMs) {
      rest();
      sliceEndMs = environment.clock().monotonicMs() + SLICE_MS;
    }
  }

  private void rest() {
    try {
      environment.tasks().sleepMs(REST_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      abandoned = true;
    }
  }

  /// It ends at its next step.
  void abandon() {
    abandoned = true;
  }

  boolean isDone() {
    return done;
  }

  /// Null if it failed.
  R result() {
    return result;
  }

  /// Null if it did not fail.
  Throwable failure() {
    return failure;
  }
}
