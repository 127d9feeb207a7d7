package io.weft.controlplane.api;

import io.weft.controlplane.api.CommitFeed.Event;
import io.weft.environment.Environment;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// A listener whose events are waited for, one kind at a time. Thread-safe.
public final class HeardFeed implements CommitFeed.Listener {
  private static final long WAIT_MS_MAX = 30_000;

  private final Environment environment = Environment.system();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Event> events = new ArrayDeque<>();
  private String broken = "";

  @Override
  public void onEvents(List<Event> more) {
    lock.lock();
    try {
      events.addAll(more);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void onBroken(String reason) {
    lock.lock();
    try {
      broken = reason;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// The next event of a kind; others before it are passed over.
  public <E extends Event> E next(Class<E> kind) throws InterruptedException {
    long deadlineMs = environment.clock().monotonicMs() + WAIT_MS_MAX;
    lock.lock();
    try {
      while (true) {
        while (!events.isEmpty()) {
          Event event = events.removeFirst();
          if (kind.isInstance(event)) {
            return kind.cast(event);
          }
        }
        long leftMs = deadlineMs - environment.clock().monotonicMs();
        if (!broken.isEmpty() || leftMs <= 0) {
          throw new AssertionError("no %s: %s".formatted(kind.getSimpleName(), broken));
        }
        environment.tasks().awaitMs(lock, changed, leftMs);
      }
    } finally {
      lock.unlock();
    }
  }
}
