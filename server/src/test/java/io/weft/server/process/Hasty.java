package io.weft.server.process;

import io.weft.environment.Environment;
import io.weft.environment.Tasks;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// This system, except that a thread that sleeps goes on at once. Immutable.
record Hasty(Tasks tasks, Runnable onSleep) implements Tasks {
  /// @param onSleep run by a thread that would sleep
  static Environment environment(Runnable onSleep) {
    Environment system = Environment.system();
    return new Environment(system.clock(), new Hasty(system.tasks(), onSleep), system.randomness());
  }

  @Override
  public Thread start(String name, Runnable body) {
    return tasks.start(name, body);
  }

  @Override
  public void sleepMs(long durationMs) {
    onSleep.run();
  }

  @Override
  public boolean awaitMs(ReentrantLock lock, Condition condition, long timeoutMs)
      throws InterruptedException {
    return tasks.awaitMs(lock, condition, timeoutMs);
  }
}
