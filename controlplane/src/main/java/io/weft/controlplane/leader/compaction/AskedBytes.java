package io.weft.controlplane.leader.compaction;

/// How much the agents that ask can take at once: the most that one of them has said within a
/// minute or two, since agents leave. Owned by the leader thread.
final class AskedBytes {
  /// Without anybody who asks, nothing is planned after this time.
  static final long ASKED_MS = 60_000;

  private long askedMs = Long.MIN_VALUE / 2;
  private long sinceMs = Long.MIN_VALUE / 2;

  /// The most that was asked for since then, and in the time before.
  private long most;

  private long mostBefore;

  void note(long nowMs, long bytes) {
    turn(nowMs);
    askedMs = nowMs;
    most = Math.max(most, bytes);
  }

  /// Whether an agent has asked lately.
  boolean isRecent(long nowMs) {
    return nowMs - askedMs <= ASKED_MS;
  }

  /// @return more than nothing where an agent has asked lately
  long most(long nowMs) {
    turn(nowMs);
    return Math.max(most, mostBefore);
  }

  private void turn(long nowMs) {
    if (nowMs - sinceMs > ASKED_MS) {
      mostBefore = nowMs - sinceMs > 2 * ASKED_MS ? 0 : most;
      most = 0;
      sinceMs = nowMs;
    }
  }
}
