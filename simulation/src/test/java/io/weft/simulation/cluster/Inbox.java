package io.weft.simulation.cluster;

import io.weft.environment.Environment;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Where messages arrive, in order, until it is broken. Putting never blocks. One thread takes.
final class Inbox<M> {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<M> messages = new ArrayDeque<>();
  private boolean broken;

  void put(M message) {
    lock.lock();
    try {
      if (!broken) {
        messages.add(message);
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /// What has not been taken is lost.
  void breakOff() {
    lock.lock();
    try {
      broken = true;
      messages.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  boolean isBroken() {
    lock.lock();
    try {
      return broken;
    } finally {
      lock.unlock();
    }
  }

  /// @return empty once it is broken
  Optional<M> take() throws InterruptedException {
    lock.lock();
    try {
      while (messages.isEmpty() && !broken) {
        changed.await();
      }
      return Optional.ofNullable(messages.poll());
    } finally {
      lock.unlock();
    }
  }

  /// @return empty once it is broken or the time has passed
  Optional<M> take(Environment environment, long timeoutMs) throws InterruptedException {
    long deadlineMs = environment.clock().monotonicMs() + timeoutMs;
    lock.lock();
    try {
      while (messages.isEmpty() && !broken) {
        long leftMs = deadlineMs - environment.clock().monotonicMs();
        if (leftMs <= 0) {
          break;
        }
        environment.tasks().awaitMs(lock, changed, leftMs);
      }
      return Optional.ofNullable(messages.poll());
    } finally {
      lock.unlock();
    }
  }
}
