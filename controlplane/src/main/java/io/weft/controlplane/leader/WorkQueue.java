package io.weft.controlplane.leader;

import io.weft.controlplane.api.ControlPlaneException;
import io.weft.environment.Environment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/// The door of one term: what many threads put in, its leader takes out in order. Thread-safe.
///
/// Once closed it stays closed and tells every caller why.
final class WorkQueue {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Environment environment;
  private final int max;
  private final LongSupplier leaseLeftMs;
  private final long bytesMax;
  private final Deque<Work> waiting = new ArrayDeque<>();
  private long waitingBytes;
  private boolean woken;
  private boolean stopping;
  private boolean closed;
  private String why = "";

  /// @param max of what waits, and `bytesMax` of the bytes it takes; a single one always fits
  /// @param leaseLeftMs how long the term surely lasts, as of now
  WorkQueue(Environment environment, int max, long bytesMax, LongSupplier leaseLeftMs) {
    this.bytesMax = bytesMax;
    this.environment = environment;
    this.max = max;
    this.leaseLeftMs = leaseLeftMs;
  }

  static WorkQueue closed(Environment environment, String why) {
    WorkQueue queue = new WorkQueue(environment, 0, 0, () -> 0);
    queue.close(why);
    return queue;
  }

  /// @throws ControlPlaneException.Unavailable if it is closed or full
  void put(Work work) {
    lock.lock();
    try {
      if (closed) {
        throw new ControlPlaneException.Unavailable(why, null);
      }
      if (waiting.size() >= max) {
        throw new ControlPlaneException.Unavailable(
            "the leader is overloaded: %d commands wait".formatted(max), null);
      }
      if (work.bytes() > 0 && waitingBytes > 0 && waitingBytes + work.bytes() > bytesMax) {
        throw new ControlPlaneException.Unavailable(
            "the leader is overloaded: commands of %d bytes wait".formatted(waitingBytes), null);
      }
      waiting.addLast(work);
      waitingBytes += work.bytes();
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /// Up to `countMax` of what waits, and no more once it takes a quarter of the bytes allowed;
  /// comes back with nothing after `timeoutMs`, when stopping, or when somebody has called [#wake].
  List<Work> take(int countMax, long timeoutMs) throws InterruptedException {
    long deadlineMs = environment.clock().monotonicMs() + timeoutMs;
    lock.lock();
    try {
      while (waiting.isEmpty() && !stopping && !woken) {
        long leftMs = deadlineMs - environment.clock().monotonicMs();
        if (leftMs <= 0) {
          break;
        }
        environment.tasks().awaitMs(lock, changed, leftMs);
      }
      woken = false;
      List<Work> taken = new ArrayList<>(Math.min(countMax, waiting.size()));
      long takenBytes = 0;
      while (taken.size() < countMax && takenBytes <= bytesMax / 4 && !waiting.isEmpty()) {
        Work next = waiting.removeFirst();
        waitingBytes -= next.bytes();
        takenBytes += next.bytes();
        taken.add(next);
      }
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /// The thread that takes work has to look at something else; if it is told so before it waits, it
  /// does not wait.
  void wake() {
    lock.lock();
    try {
      woken = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /// Asks the thread that takes work to come to an end.
  void stop() {
    lock.lock();
    try {
      stopping = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  boolean isStopping() {
    lock.lock();
    try {
      return stopping;
    } finally {
      lock.unlock();
    }
  }

  boolean isOpen() {
    lock.lock();
    try {
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  /// How long the term behind this door surely lasts: beyond it another may lead. Not positive if
  /// that may be so already. It is renewed as long as the term lasts.
  long leaseLeftMs() {
    return leaseLeftMs.getAsLong();
  }

  /// Why it is closed.
  String why() {
    lock.lock();
    try {
      return why;
    } finally {
      lock.unlock();
    }
  }

  /// Closes it, or gives another reason.
  ///
  /// @return the work that was not taken
  List<Work> close(String reason) {
    lock.lock();
    try {
      closed = true;
      why = reason;
      List<Work> left = List.copyOf(waiting);
      waiting.clear();
      waitingBytes = 0;
      return left;
    } finally {
      lock.unlock();
    }
  }
}
