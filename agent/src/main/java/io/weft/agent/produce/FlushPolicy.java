package io.weft.agent.produce;

import io.weft.agent.produce.ProduceAppend.Load;

/// Decides when the active file closes; the one place that does. Immutable.
final class FlushPolicy {
  /// How long an early file waits for the rest of what its first producer has under way.
  static final int EARLY_GATHER_MS = 4;

  private final int flushIntervalMs;
  private final Load loadMax;
  private final int earlyFlushesPerSecond;

  private FlushPolicy(int flushIntervalMs, int fileBytesMax, int earlyFlushesPerSecond) {
    this.flushIntervalMs = flushIntervalMs;
    this.loadMax =
        new Load(fileBytesMax, ProduceAppend.LOAD_MAX.batches(), ProduceAppend.LOAD_MAX.records());
    this.earlyFlushesPerSecond = earlyFlushesPerSecond;
  }

  static FlushPolicy of(ProduceSettings settings) {
    return new FlushPolicy(
        settings.flushIntervalMs(), settings.fileBytesMax(), settings.earlyFlushesPerSecond());
  }

  /// Whether the append may join the file; if not, the file closes and the append opens the next.
  boolean fits(ActiveFile file, ProduceAppend append) {
    return file.load().plus(append.load()).fits(loadMax);
  }

  boolean isFull(ActiveFile file) {
    return file.load().bytes() >= loadMax.bytes() || file.load().batches() >= loadMax.batches();
  }

  /// How long the file may stay open yet; 0 or less: close it now.
  ///
  /// While no other file is on its way, producers that wait for their answers send nothing more:
  /// waiting longer would gather nothing. Then the file closes early, as often as the budget of
  /// PUTs allows.
  ///
  /// @param lastClosedMs when the file before it closed
  /// @param alone whether every file before it is settled
  long leftMs(ActiveFile file, long nowMs, long lastClosedMs, boolean alone) {
    long dueMs = file.openedMs() + flushIntervalMs;
    if (alone && earlyFlushesPerSecond > 0) {
      long budgetMs = lastClosedMs + 1_000 / earlyFlushesPerSecond;
      dueMs = Math.min(dueMs, Math.max(file.openedMs() + EARLY_GATHER_MS, budgetMs));
    }
    return dueMs - nowMs;
  }
}
