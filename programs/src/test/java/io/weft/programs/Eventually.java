package io.weft.programs;

import java.time.Duration;
import java.util.concurrent.Callable;

/// Waiting for what programs bring about in their own time.
public final class Eventually {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

  private Eventually() {}

  /// Asks until it is so.
  ///
  /// @throws AssertionError if that takes too long
  public static void await(String what, Duration timeout, Callable<Boolean> condition)
      throws Exception {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (!condition.call()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not within %s: %s".formatted(timeout, what));
      }
      Thread.sleep(LOOK_AGAIN);
    }
  }
}
