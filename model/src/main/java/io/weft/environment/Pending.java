package io.weft.environment;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// A value one thread owes to another: completed once, awaited by any number. Thread-safe.
///
/// The first completion wins; later ones are ignored and say so.
public final class Pending<T> {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition done = lock.newCondition();
  private boolean completed;
  private T value;
  private RuntimeException failure;

  public static <T> Pending<T> completed(T value) {
    Pending<T> pending = new Pending<>();
    pending.complete(value);
    return pending;
  }

  /// @return false if it was completed before
  public boolean complete(T result) {
    return finish(result, null);
  }

  /// Every waiter gets `reason` thrown.
  ///
  /// @return false if it was completed before
  public boolean fail(RuntimeException reason) {
    return finish(null, reason);
  }

  public boolean isDone() {
    lock.lock();
    try {
      return completed;
    } finally {
      lock.unlock();
    }
  }

  public T await() throws InterruptedException {
    lock.lock();
    try {
      while (!completed) {
        done.await();
      }
      return result();
    } finally {
      lock.unlock();
    }
  }

  /// Waits for at most `timeoutMs`, then gives up waiting (the thread that owes the value is not
  /// told).
  ///
  /// @return true once the value is there, so that [#await()] returns at once
  public boolean awaitMs(Environment environment, long timeoutMs) throws InterruptedException {
    long deadline = environment.clock().monotonicMs() + timeoutMs;
    lock.lock();
    try {
      while (!completed) {
        long leftMs = deadline - environment.clock().monotonicMs();
        if (leftMs <= 0) {
          return false;
        }
        environment.tasks().awaitMs(lock, done, leftMs);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  private T result() {
    if (failure != null) {
      throw failure;
    }
    return value;
  }

  private boolean finish(T result, RuntimeException reason) {
    lock.lock();
    try {
      if (completed) {
        return false;
      }
      completed = true;
      value = result;
      failure = reason;
      done.signalAll();
      return true;
    } finally {
      lock.unlock();
    }
  }
}
