package io.weft.agent.fetch;

import io.weft.environment.Clock;
import io.weft.environment.Environment;
import io.weft.environment.Randomness;
import io.weft.environment.Tasks;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// An outside with real threads whose time stands still until a test lets it pass. Thread-safe.
public final class StoppedTime implements Clock, Tasks, Randomness {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<Waiting> waiting = new ArrayList<>();
  private final Random random;
  private long nowMs = 1_000;

  private record Waiting(ReentrantLock lock, Condition condition, long deadlineMs) {}

  public StoppedTime(long seed) {
    this.random = new Random(seed);
  }

  public Environment environment() {
    return new Environment(this, this, this);
  }

  /// Lets time pass and wakes the threads whose time is over.
  public void passMs(long durationMs) {
    List<Waiting> over;
    lock.lock();
    try {
      nowMs += durationMs;
      over = waiting.stream().filter(each -> each.deadlineMs <= nowMs).toList();
    } finally {
      lock.unlock();
    }
    for (Waiting each : over) {
      each.lock.lock();
      try {
        each.condition.signalAll();
      } finally {
        each.lock.unlock();
      }
    }
  }

  /// Whether any wait would end if so much time passed.
  public boolean isAnyoneOverdueWithin(long durationMs) {
    lock.lock();
    try {
      return waiting.stream().anyMatch(each -> each.deadlineMs <= nowMs + durationMs);
    } finally {
      lock.unlock();
    }
  }

  /// Returns once so many threads wait with a time limit.
  public void awaitWaiting(int threads) throws InterruptedException {
    lock.lock();
    try {
      while (waiting.size() < threads) {
        changed.await();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public long wallMs() {
    return monotonicMs();
  }

  @Override
  public long nanos() {
    lock.lock();
    try {
      return nowMs * 1_000_000;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Thread start(String name, Runnable body) {
    return Thread.ofVirtual().name(name).start(body);
  }

  @Override
  public void sleepMs(long durationMs) throws InterruptedException {
    ReentrantLock own = new ReentrantLock();
    Condition never = own.newCondition();
    long deadlineMs = monotonicMs() + durationMs;
    own.lock();
    try {
      while (monotonicMs() < deadlineMs) {
        awaitMs(own, never, deadlineMs - monotonicMs());
      }
    } finally {
      own.unlock();
    }
  }

  @Override
  public boolean awaitMs(ReentrantLock held, Condition condition, long timeoutMs)
      throws InterruptedException {
    Waiting self;
    lock.lock();
    try {
      self = new Waiting(held, condition, nowMs + timeoutMs);
      waiting.add(self);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      condition.await();
    } finally {
      lock.lock();
      try {
        waiting.remove(self);
      } finally {
        lock.unlock();
      }
    }
    return monotonicMs() < self.deadlineMs;
  }

  @Override
  public long nextLong() {
    return random.nextLong();
  }

  @Override
  public int nextInt(int bound) {
    return random.nextInt(bound);
  }

  @Override
  public double nextDouble() {
    return random.nextDouble();
  }
}
