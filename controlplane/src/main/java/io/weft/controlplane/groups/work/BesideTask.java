package io.weft.controlplane.groups.work;

import io.weft.environment.Environment;
import io.weft.environment.Tasks;
import org.apache.kafka.common.errors.InvalidRegularExpression;
import org.apache.kafka.coordinator.common.runtime.CoordinatorExecutor.TaskRunnable;

/// A task on a thread beside the leader's: it lets others have the processor between slices, and
/// ends when its time is over. One that took too much is tried once more, since the machine may
/// have been busy; it must be able to run twice. Its results are read once it is done.
final class BesideTask<R> {
  /// How long one attempt may work; its rests do not count.
  static final long TIME_MS_MAX = 10_000;

  /// What one step counts at most: the machine may have stood still meanwhile.
  static final long STEP_MS_MAX = 1_000;

  private static final int ATTEMPTS = 2;
  private static final long SLICE_MS = 10;
  private static final long REST_MS = 1;

  private final TaskRunnable<R> work;
  private final Environment environment;
  private long workedMs;
  private long lastStepMs;
  private long sliceEndMs;
  private R result;
  private Throwable failure;
  private volatile boolean abandoned;
  private volatile boolean done;

  BesideTask(TaskRunnable<R> work, Environment environment) {
    this.work = work;
    this.environment = environment;
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
    int left = ATTEMPTS;
    while (left > 0) {
      left--;
      try {
        workedMs = 0;
        beginSlice(environment.clock().monotonicMs());
        result = work.run();
        return;
      } catch (TooMuch e) {
        // Others may have had the processor all the time.
        tell(e.getMessage(), left);
      } catch (StackOverflowError | OutOfMemoryError e) {
        // What it asked for cannot be done here. This thread has nothing else to lose. The memory
        // may have been used by others.
        tell("Matching it needs too much memory.", left);
      } catch (Error e) {
        throw e;
      } catch (Throwable e) {
        // The operation hears of it and decides what to make of it.
        failure = e;
        return;
      }
    }
  }

  private void tell(String why, int attemptsLeft) {
    if (attemptsLeft == 0) {
      failure = new InvalidRegularExpression(why);
    }
  }

  private static final class TooMuch extends RuntimeException {
    private static final long serialVersionUID = 1;

    TooMuch(String message) {
      super(message);
    }
  }

  /// To be called by the task between two steps of it.
  void step() {
    long nowMs = environment.clock().monotonicMs();
    workedMs += Math.min(nowMs - lastStepMs, STEP_MS_MAX);
    lastStepMs = nowMs;
    if (abandoned) {
      throw new InvalidRegularExpression("Nobody waits for it any more.");
    }
    if (workedMs > TIME_MS_MAX) {
      throw new TooMuch(
          "Matching it against all topics takes more than %d ms.".formatted(TIME_MS_MAX));
    }
    if (nowMs >= sliceEndMs) {
      rest();
      beginSlice(environment.clock().monotonicMs());
    }
  }

  private void beginSlice(long nowMs) {
    lastStepMs = nowMs;
    sliceEndMs = nowMs + SLICE_MS;
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
