package io.weft.environment;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Virtual threads and real waiting.
final class SystemTasks implements Tasks {
  private static final LongWaits LONG_WAITS = new LongWaits();

  @Override
  public Thread start(String name, Runnable body) {
    return Thread.ofVirtual().name(name).start(body);
  }

  @Override
  public Thread startApart(String name, Runnable body) {
    return Thread.ofPlatform().daemon().name(name).start(body);
  }

  @Override
  public void sleepMs(long durationMs) throws InterruptedException {
    Thread.sleep(durationMs);
  }

  @Override
  public boolean awaitMs(ReentrantLock lock, Condition condition, long timeoutMs)
      throws InterruptedException {
    // A thread that is woken by a virtual thread has to wait for one of the processors that all
    // virtual threads share.
    if (timeoutMs >= LongWaits.WAIT_MS_MIN && Thread.currentThread().isVirtual()) {
      return LONG_WAITS.awaitMs(lock, condition, timeoutMs);
    }
    return condition.awaitNanos(TimeUnit.MILLISECONDS.toNanos(timeoutMs)) > 0;
  }
}
