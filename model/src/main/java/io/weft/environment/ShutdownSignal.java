package io.weft.environment;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/// The process being asked to end (SIGTERM, SIGINT). One per process.
///
/// The machine waits for a hook to return before it ends the process, so the thread that waits here
/// has the time to drain and says when it is done. A process that is still starting is interrupted:
/// it may be waiting for others that never come.
public final class ShutdownSignal {
  /// A process that is starting is interrupted again after so long, since an interrupt can get lost
  /// on its way: a client of a store that ends an attempt by its time limit forgets what came
  /// meanwhile. Shorter than the pause between two attempts, which an interrupt does end.
  private static final long INTERRUPT_EVERY_MS = 100;

  /// Far more than the limits of all that is drained; what is not closed by then hangs, and the
  /// process ends as if it was killed.
  private static final long CLOSE_MS_MAX = 120_000;

  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch done = new CountDownLatch(1);
  private final ReentrantLock lock = new ReentrantLock();
  private final Thread starter;
  private final long closeMsMax;

  /// Guarded by the lock: the starter is about to drain and close, and must not be interrupted.
  private boolean startOver;

  ShutdownSignal(Thread starter, long closeMsMax) {
    this.starter = starter;
    this.closeMsMax = closeMsMax;
  }

  /// Listens from now on.
  ///
  /// The calling thread is the one that starts the process, until it waits here or closes its
  /// [Start].
  public static ShutdownSignal install() {
    ShutdownSignal signal = new ShutdownSignal(Thread.currentThread(), CLOSE_MS_MAX);
    Runtime.getRuntime()
        .addShutdownHook(Thread.ofPlatform().name("shutdown").unstarted(signal::hold));
    return signal;
  }

  /// A process that is starting. Closed before what it has opened is.
  public interface Start extends AutoCloseable {
    @Override
    void close();
  }

  /// For the starter, which is interrupted until it closes this.
  public Start start() {
    return this::endStart;
  }

  /// Waits until the process is asked to end.
  ///
  /// @throws InterruptedException if it was asked before this began
  public void await() throws InterruptedException {
    endStart();
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

  private void endStart() {
    lock.lock();
    try {
      startOver = true;
    } finally {
      lock.unlock();
    }
  }

  /// @return whether everything was closed in time
  boolean hold() {
    long closeNsMax = TimeUnit.MILLISECONDS.toNanos(closeMsMax);
    long beganNs = System.nanoTime();
    asked.countDown();
    try {
      do {
        interruptStarter();
        if (done.await(INTERRUPT_EVERY_MS, TimeUnit.MILLISECONDS)) {
          return true;
        }
      } while (System.nanoTime() - beganNs < closeNsMax);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return false;
  }

  private void interruptStarter() {
    lock.lock();
    try {
      if (!startOver) {
        starter.interrupt();
      }
    } finally {
      lock.unlock();
    }
  }
}
