package io.weft.environment;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/// Waits that hardly ever last to their end: deadlines of answers, polls, leases. Thread-safe.
///
/// The JDK wakes its timer thread for each timed wait of a virtual thread, and again when the wait
/// is cut short. Here one thread looks around every [#TICK_MS] instead, as long as anybody waits: a
/// wheel of ticks, each with a list of those whose wait ends in it, this round or a later one. So a
/// wait may last up to two ticks too long.
final class LongWaits {
  /// Shorter ones are not worth a delay of two ticks, which is a tenth of this.
  static final long WAIT_MS_MIN = 400;

  private static final long TICK_MS = 20;
  private static final int TICKS = 1024;

  private final ReentrantLock lock = new ReentrantLock();
  private final Wait[] wheel = new Wait[TICKS];
  private int waits;
  private long lastTick = tickOf(System.nanoTime());

  /// Whether the ticker sleeps until it is woken.
  private boolean idle;

  /// Null until the first wait.
  private Thread ticker;

  /// A waiting thread; a link of its tick's list.
  private static final class Wait {
    private final ReentrantLock held;
    private final Condition condition;
    private long tick;
    private Wait before;
    private Wait after;
    private boolean listed = true;

    Wait(ReentrantLock held, Condition condition) {
      this.held = held;
      this.condition = condition;
    }

    /// A thread that waits holds the lock until it waits, so that this cannot come too early.
    void end() {
      held.lock();
      try {
        condition.signalAll();
      } finally {
        held.unlock();
      }
    }
  }

  /// As [Tasks#awaitMs].
  boolean awaitMs(ReentrantLock held, Condition condition, long timeoutMs)
      throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
    Wait wait = new Wait(held, condition);
    add(wait, tickOf(deadline) + 1);
    try {
      condition.await();
    } finally {
      remove(wait);
    }
    return System.nanoTime() - deadline < 0;
  }

  private void add(Wait wait, long endTick) {
    lock.lock();
    try {
      if (waits++ == 0) {
        lastTick = tickOf(System.nanoTime());
      }
      // Where the thread stood still since the wait began, its tick may have been looked at
      // already.
      wait.tick = Math.max(endTick, lastTick + 1);
      int slot = slot(wait.tick);
      wait.after = wheel[slot];
      if (wait.after != null) {
        wait.after.before = wait;
      }
      wheel[slot] = wait;
      wakeTicker();
    } finally {
      lock.unlock();
    }
  }

  private void wakeTicker() {
    if (ticker == null) {
      ticker = Thread.ofPlatform().daemon().name("long-waits").start(this::tick);
    } else if (idle) {
      idle = false;
      LockSupport.unpark(ticker);
    }
  }

  private void remove(Wait wait) {
    lock.lock();
    try {
      unlink(wait);
    } finally {
      lock.unlock();
    }
  }

  private void unlink(Wait wait) {
    if (!wait.listed) {
      return;
    }
    wait.listed = false;
    waits--;
    if (wait.before == null) {
      wheel[slot(wait.tick)] = wait.after;
    } else {
      wait.before.after = wait.after;
    }
    if (wait.after != null) {
      wait.after.before = wait.before;
    }
  }

  private void tick() {
    while (true) {
      List<Wait> ended = takeEnded();
      for (Wait wait : ended) {
        // Its lock may be held for long by somebody else.
        Thread.ofVirtual().name("long-wait-ends").start(wait::end);
      }
      if (isIdle()) {
        LockSupport.park(this);
      } else {
        LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(TICK_MS));
      }
    }
  }

  private boolean isIdle() {
    lock.lock();
    try {
      idle = waits == 0;
      return idle;
    } finally {
      lock.unlock();
    }
  }

  private List<Wait> takeEnded() {
    List<Wait> ended = new ArrayList<>();
    lock.lock();
    try {
      long now = tickOf(System.nanoTime());
      // After a long pause of the process each slot is looked at once.
      for (long tick = Math.max(lastTick, now - TICKS + 1); tick <= now; tick++) {
        Wait wait = wheel[slot(tick)];
        while (wait != null) {
          Wait next = wait.after;
          if (wait.tick <= now) {
            unlink(wait);
            ended.add(wait);
          }
          wait = next;
        }
      }
      lastTick = now;
    } finally {
      lock.unlock();
    }
    return ended;
  }

  private static int slot(long tick) {
    return (int) Math.floorMod(tick, (long) TICKS);
  }

  private static long tickOf(long nanos) {
    return Math.floorDiv(nanos, TimeUnit.MILLISECONDS.toNanos(TICK_MS));
  }
}
