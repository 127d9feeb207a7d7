package io.weft.rpc;

import io.weft.environment.Environment;

/// The attempts of one call: until its deadline, every address once without a pause, then with a
/// growing, fully random pause between the rounds. Owned by one thread.
public final class Attempts {
  private static final int PAUSE_MS_FIRST = 20;
  private static final int PAUSE_MS_MAX = 1_000;

  private final Environment environment;
  private final int peers;
  private final long deadlineMs;
  private int failed;
  private int pauseMsMax = PAUSE_MS_FIRST;

  public Attempts(int peers, long timeoutMs, Environment environment) {
    this.environment = environment;
    this.peers = peers;
    this.deadlineMs = environment.clock().monotonicMs() + timeoutMs;
  }

  /// Milliseconds until the deadline, or less than one.
  public long leftMs() {
    return deadlineMs - environment.clock().monotonicMs();
  }

  /// To be called between two attempts; pauses if it must.
  ///
  /// @return false if the deadline leaves no time for another
  public boolean another() throws InterruptedException {
    failed++;
    if (failed % peers == 0) {
      long pauseMs = environment.randomness().nextInt(pauseMsMax + 1);
      pauseMsMax = Math.min(2 * pauseMsMax, PAUSE_MS_MAX);
      if (pauseMs >= leftMs()) {
        return false;
      }
      environment.tasks().sleepMs(pauseMs);
    }
    return leftMs() > 0;
  }
}
