package io.weft.environment;

/// Pauses that double up to a limit, each of random length (full jitter). Immutable.
public record Backoff(Environment environment, int msMin, int msMax) {
  /// More doublings than any limit needs.
  private static final int DOUBLINGS_MAX = 20;

  /// @param attempt how many pauses there were before
  public void pause(int attempt) throws InterruptedException {
    long ceilingMs = Math.min(msMax, (long) msMin << Math.min(attempt, DOUBLINGS_MAX));
    environment.tasks().sleepMs(1 + environment.randomness().nextInt((int) ceilingMs));
  }
}
