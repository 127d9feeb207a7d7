package io.weft.agent.fetch.work;

import io.weft.environment.Environment;
import io.weft.environment.Pending;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/// Runs tasks that wait for the outside next to each other, a bounded number at once. Thread-safe.
public final class SideBySide {
  private final Environment environment;
  private final int threadsMax;

  public SideBySide(Environment environment, int threadsMax) {
    this.environment = environment;
    this.threadsMax = threadsMax;
  }

  /// Returns when all tasks have ended. A single one runs on the caller's thread.
  ///
  /// A task's own failures are its own matter; what escapes one is thrown here.
  public void run(String name, List<Runnable> tasks) throws InterruptedException {
    if (tasks.size() == 1) {
      tasks.getFirst().run();
      return;
    }
    AtomicInteger next = new AtomicInteger();
    int threads = Math.min(threadsMax, tasks.size());
    List<Pending<Boolean>> ends =
        IntStream.range(0, threads).mapToObj(i -> begin(name, tasks, next)).toList();
    for (Pending<Boolean> end : ends) {
      end.await();
    }
  }

  private Pending<Boolean> begin(String name, List<Runnable> tasks, AtomicInteger next) {
    Pending<Boolean> end = new Pending<>();
    environment
        .tasks()
        .start(
            name,
            () -> {
              try {
                for (int i = next.getAndIncrement(); i < tasks.size(); i = next.getAndIncrement()) {
                  tasks.get(i).run();
                }
                end.complete(true);
              } catch (RuntimeException escaped) {
                end.fail(escaped);
              }
            });
    return end;
  }
}
