package io.weft.environment;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;

/// The process being asked to end (SIGTERM, SIGINT). One per process.
///
/// The machine waits for a hook to return before it ends the process, so the thread that waits here
/// has the time to drain and says when it is done. A process that is still starting is interrupted:
/// it may be waiting for others that never come.
public final class ShutdownSignal {
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch done = new CountDownLatch(1);
  private final ReentrantLock lock = new ReentrantLock();
  private final Thread starter;

  /// Guarded by the lock: the thread that awaits is about to drain, and must not be interrupted.
  private boolean started;

  ShutdownSignal(Thread starter) {
    this.starter = starter;
  }

  /// Listens from now on.
  ///
  /// The calling thread is the one that starts the process, until it waits here.
  public static ShutdownSignal install() {
    ShutdownSignal signal = new ShutdownSignal(Thread.currentThread());
    Runtime.getRuntime()
        .addShutdownHook(Thread.ofPlatform().name("shutdown").unstarted(signal::hold));
    return signal;
  }

  /// Waits until the process is asked to end.
  ///
  /// @throws InterruptedException if it was asked before this began
  public void await() throws InterruptedException {
    lock.lock();
    try {
      started = true;
    } finally {
      lock.unlock();
    }
    asked.await();
  }

  /// Asks for the end from within: the thread that awaits goes on.
  public void ask() {
    asked.countDown();
  }

  /// Everything is closed: the process may end now.
  public void release() {
    done.countDown();
  }

  void hold() {
    lock.lock();
    try {
      asked.countDown();
      if (!started) {
        starter.interrupt();
      }
    } finally {
      lock.unlock();
    }
    try {
      done.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
