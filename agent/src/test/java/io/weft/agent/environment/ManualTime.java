package io.weft.agent.environment;

import io.weft.environment.Clock;
import io.weft.environment.Environment;
import io.weft.environment.Randomness;
import io.weft.environment.Tasks;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/// An outside with real threads, a clock that stands still until a test moves it, and chance from a
/// seed. Whoever sleeps or waits with a time limit wakes once the clock has moved that far;
/// sleepers may move it themselves. Thread-safe.
public final class ManualTime implements Clock, Tasks, Randomness {
  private static final long WALL_MS = 1_700_000_000_000L;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<Waiting> waiting = new ArrayList<>();
  private final Random random;
  private final boolean movedBySleepers;
  private long nowMs = 1_000;

  private record Waiting(ReentrantLock lock, Condition condition, long deadlineMs) {}

  public ManualTime(long seed) {
    this(seed, false);
  }

  private ManualTime(long seed, boolean movedBySleepers) {
    this.random = new Random(seed);
    this.movedBySleepers = movedBySleepers;
  }

  /// A sleeper moves this clock by as much as it would sleep, and goes on at once.
  public static ManualTime movedBySleepers(long seed) {
    return new ManualTime(seed, true);
  }

  public Environment environment() {
    return new Environment(this, this, this);
  }

  /// Moves the clock and wakes everyone whose time is over.
  public void advanceMs(long durationMs) {
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

  /// Lets time pass, millisecond by millisecond, until something is so. One step to a known instant
  /// is not enough for that: a thread that is just about to wait for it may begin to do so after
  /// it.
  public void runUntil(BooleanSupplier reached) {
    while (!reached.getAsBoolean()) {
      advanceMs(1);
      Thread.onSpinWait();
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

  /// Returns once so many threads sleep or wait with a time limit.
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
    return WALL_MS + monotonicMs();
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
    return Thread.ofVirtual().name(name).start(body);
  }

  @Override
  public void sleepMs(long durationMs) throws InterruptedException {
    if (movedBySleepers) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      advanceMs(durationMs);
      return;
    }
    ReentrantLock own = new ReentrantLock();
    Condition never = own.newCondition();
    long deadlineMs = monotonicMs() + durationMs;
    own.lockInterruptibly();
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
      // Whoever moves the clock from here on needs the lock that is held.
      if (monotonicMs() < self.deadlineMs) {
        condition.await();
      }
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
