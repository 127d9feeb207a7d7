package io.weft.agent.files;

import io.weft.environment.Clock;
import io.weft.environment.Environment;
import io.weft.environment.Randomness;
import io.weft.environment.Tasks;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/// Real threads under a clock that a test moves. A sleeper moves it by itself and goes on at once;
/// a thread that waits with a time limit waits until the test has moved the clock that far.
/// Thread-safe.
public final class ManualTime implements Clock, Tasks, Randomness {
  private static final long WALL_MS = 1_700_000_000_000L;

  private final AtomicLong nowMs = new AtomicLong(1_000);
  private final ReentrantLock lock = new ReentrantLock();
  private final List<Waiter> waiters = new ArrayList<>();

  private record Waiter(ReentrantLock lock, Condition condition, long deadlineMs) {}

  public Environment environment() {
    return new Environment(this, this, this);
  }

  /// Lets time pass, millisecond by millisecond, until something is so. One step to a known instant
  /// is not enough for that: somebody who is just about to wait for it may begin to do so after it.
  public void runUntil(BooleanSupplier reached) {
    while (!reached.getAsBoolean()) {
      advanceMs(1);
      Thread.onSpinWait();
    }
  }

  public void advanceMs(long durationMs) {
    long now = nowMs.addAndGet(durationMs);
    List<Waiter> due;
    lock.lock();
    try {
      due = waiters.stream().filter(waiter -> waiter.deadlineMs <= now).toList();
    } finally {
      lock.unlock();
    }
    for (Waiter waiter : due) {
      waiter.lock.lock();
      try {
        waiter.condition.signalAll();
      } finally {
        waiter.lock.unlock();
      }
    }
  }

  @Override
  public long wallMs() {
    return WALL_MS + nowMs.get();
  }

  @Override
  public long nanos() {
    return TimeUnit.MILLISECONDS.toNanos(nowMs.get());
  }

  @Override
  public Thread start(String name, Runnable body) {
    return Thread.ofVirtual().name(name).start(body);
  }

  @Override
  public void sleepMs(long durationMs) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    advanceMs(durationMs);
  }

  @Override
  public boolean awaitMs(ReentrantLock held, Condition condition, long timeoutMs)
      throws InterruptedException {
    Waiter waiter = new Waiter(held, condition, nowMs.get() + timeoutMs);
    lock.lock();
    try {
      waiters.add(waiter);
    } finally {
      lock.unlock();
    }
    try {
      // A thread that moves the clock from here on needs the lock that is held.
      if (nowMs.get() < waiter.deadlineMs) {
        condition.await();
      }
      return nowMs.get() < waiter.deadlineMs;
    } finally {
      lock.lock();
      try {
        waiters.remove(waiter);
      } finally {
        lock.unlock();
      }
    }
  }

  @Override
  public long nextLong() {
    return 4;
  }

  @Override
  public int nextInt(int bound) {
    return 0;
  }

  @Override
  public double nextDouble() {
    return 0;
  }
}
