package io.weft.agent.cache;

import java.time.Duration;

/// Whether all readers have released what they read.
public final class HeldLeases {
  private static final Duration LIMIT = Duration.ofMinutes(1);

  private HeldLeases() {}

  /// Waits until nothing but the cache itself has a lease: a thread may be about to release one.
  public static void awaitNone(LocalChunks chunks) {
    long endNanos = System.nanoTime() + LIMIT.toNanos();
    long held = held(chunks);
    while (held != 0) {
      if (System.nanoTime() > endNanos) {
        throw new AssertionError(held + " leases are not released");
      }
      Thread.onSpinWait();
      held = held(chunks);
    }
  }

  private static long held(LocalChunks chunks) {
    CacheFigures figures = chunks.figures();
    return figures.memory().leases() - figures.chunksHeld();
  }
}
