package io.weft.agent.produce;

import io.weft.agent.produce.ProduceAppend.Load;

/// Decides when the active file closes; the one place that does. Immutable.
final class FlushPolicy {
  private final int flushIntervalMs;
  private final Load loadMax;

  /// @param flushIntervalMs how long after its first append a file closes
  /// @param fileBytesMax the size at which it closes before that
  FlushPolicy(int flushIntervalMs, int fileBytesMax) {
    this.flushIntervalMs = flushIntervalMs;
    this.loadMax =
        new Load(fileBytesMax, ProduceAppend.LOAD_MAX.batches(), ProduceAppend.LOAD_MAX.records());
  }

  /// Whether the append may join the file; if not, the file closes and the append opens the next.
  boolean fits(ActiveFile file, ProduceAppend append) {
    return file.load().plus(append.load()).fits(loadMax);
  }

  boolean isFull(ActiveFile file) {
    return file.load().bytes() >= loadMax.bytes() || file.load().batches() >= loadMax.batches();
  }

  /// How long the file may stay open yet; 0 or less: close it now.
  long leftMs(ActiveFile file, long nowMs) {
    return file.openedMs() + flushIntervalMs - nowMs;
  }
}
