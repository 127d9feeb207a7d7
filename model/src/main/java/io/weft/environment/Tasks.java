package io.weft.environment;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Threads and waiting.
public interface Tasks {
  /// Starts a virtual thread. An exception that escapes `body` is a bug: it is reported to the
  /// process's uncaught-exception handler, which stops the process.
  Thread start(String name, Runnable body);

  /// As [#start], but a thread of its own, for the little that others rely on from second to
  /// second: it goes on, also in [#awaitMs], while virtual threads that compute for long keep all
  /// processors from the others. Where threads are simulated, every thread is of this kind.
  default Thread startApart(String name, Runnable body) {
    return start(name, body);
  }

  void sleepMs(long durationMs) throws InterruptedException;

  /// Waits on a condition of a lock the caller holds, for at most `timeoutMs` (and a tenth of it).
  /// Spurious wake-ups happen: callers loop.
  ///
  /// @return false if the time has passed
  boolean awaitMs(ReentrantLock lock, Condition condition, long timeoutMs)
      throws InterruptedException;
}
