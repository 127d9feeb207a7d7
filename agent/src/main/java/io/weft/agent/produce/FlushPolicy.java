package io.weft.agent.produce;

import io.weft.agent.produce.ProduceAppend.Load;

/// Decides when the active file closes; the one place that does. Immutable.
final class FlushPolicy {
  /// How long an early file waits for what its producers have under way.
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

  /// When the file closes at the latest.
  long dueMs(ActiveFile file) {
    return file.openedMs() + flushIntervalMs;
  }

  /// When the file closes while every file before it is settled.
  ///
  /// Then producers that wait for their answers send nothing more: waiting longer would gather
  /// nothing. So the file closes early, as often as the budget of PUTs allows.
  ///
  /// @param lastClosedMs when the file before it closed
  /// @param gathered whether everybody who was answered has sent again
  long earlyDueMs(ActiveFile file, long lastClosedMs, boolean gathered) {
    if (earlyFlushesPerSecond == 0) {
      return Long.MAX_VALUE;
    }
    long gatheredMs = file.openedMs() + (gathered ? 0 : EARLY_GATHER_MS);
    return Math.max(gatheredMs, lastClosedMs + 1_000 / earlyFlushesPerSecond);
  }
}
