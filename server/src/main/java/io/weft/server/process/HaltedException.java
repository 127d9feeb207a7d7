package io.weft.server.process;

import io.weft.environment.Environment;
import io.weft.environment.Pending;
import io.weft.environment.ShutdownSignal;
import io.weft.server.metrics.Readiness;

/// A process ends by itself, since going on could do harm; an operator has to look first.
public final class HaltedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private HaltedException(String why) {
    super("This agent has stopped: " + why + ".");
  }

  /// Waits until the process is asked to end, or must end.
  ///
  /// @param halted comes if it must
  /// @throws HaltedException if it must
  static void awaitEnd(
      Pending<String> halted, Readiness readiness, ShutdownSignal signal, Environment environment)
      throws InterruptedException {
    environment
        .tasks()
        .start(
            "halt-watch",
            () -> {
              try {
                halted.await();
                signal.ask();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    signal.await();
    readiness.drain();
    if (halted.isDone()) {
      throw new HaltedException(halted.await());
    }
  }
}
