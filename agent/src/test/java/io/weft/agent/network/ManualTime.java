package io.weft.agent.network;

import io.weft.environment.Clock;
import io.weft.environment.Environment;
import io.weft.environment.Tasks;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// A clock that moves only when told to, over real threads: a thread that sleeps wakes when the
/// time has passed. Thread-safe.
public final class ManualTime implements Clock, Tasks {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition moved = lock.newCondition();
  private final Environment system = Environment.system();
  private long nowMs = 1_000_000;

  public Environment environment() {
    return new Environment(this, this, system.randomness());
  }

  public void advanceMs(long durationMs) {
    lock.lock();
    try {
      nowMs += durationMs;
      moved.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public long wallMs() {
    return nanos() / 1_000_000;
  }

  @Override
  public long nanos() {
    lock.lock();
    try {
      return TimeUnit.MILLISECONDS.toNanos(nowMs);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Thread start(String name, Runnable body) {
    return system.tasks().start(name, body);
  }

  @Override
  public void sleepMs(long durationMs) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long wakeMs = nowMs + durationMs;
      while (nowMs < wakeMs) {
        moved.await();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Waits in real time: what is waited for here is work, not time.
  @Override
  public boolean awaitMs(ReentrantLock held, Condition condition, long timeoutMs)
      throws InterruptedException {
    return system.tasks().awaitMs(held, condition, Math.min(timeoutMs, 100));
  }
}
