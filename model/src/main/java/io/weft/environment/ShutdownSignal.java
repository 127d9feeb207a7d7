package io.weft.environment;

import java.util.concurrent.CountDownLatch;

/// The process being asked to end (SIGTERM, SIGINT). One per process.
///
/// The machine waits for a hook to return before it ends the process, so whoever waits here has the
/// time to drain and says when it is done.
public final class ShutdownSignal {
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch done = new CountDownLatch(1);

  /// Listens from now on.
  public static ShutdownSignal install() {
    ShutdownSignal signal = new ShutdownSignal();
    Runtime.getRuntime()
        .addShutdownHook(Thread.ofPlatform().name("shutdown").unstarted(signal::hold));
    return signal;
  }

  /// Waits until the process is asked to end.
  public void await() throws InterruptedException {
    asked.await();
  }

  /// Everything is closed: the process may end now.
  public void release() {
    done.countDown();
  }

  private void hold() {
    asked.countDown();
    try {
      done.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
