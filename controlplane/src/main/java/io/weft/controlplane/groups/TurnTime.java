package io.weft.controlplane.groups;

import org.apache.kafka.common.utils.Time;

/// Time as the coordinator reads it: that of the turn. Owned by the leader thread.
final class TurnTime implements Time {
  private long nowMs;

  void turn(long turnMs) {
    nowMs = turnMs;
  }

  @Override
  public long milliseconds() {
    return nowMs;
  }

  @Override
  public long nanoseconds() {
    return nowMs * 1_000_000;
  }

  @Override
  public void sleep(long ms) {
    throw new UnsupportedOperationException("the leader does not sleep");
  }
}
