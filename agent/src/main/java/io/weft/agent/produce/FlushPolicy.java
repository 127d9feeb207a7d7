package io.weft.agent.produce;

import io.weft.agent.produce.ProduceAppend.Load;

/// Decides when the active file closes; the one place that does. Immutable.
final class FlushPolicy {
  /// A file waits for what its producers have under way for this part of what the last file took:
  /// requests left behind would wait for all of the next one.
  private static final int GATHER_PART = 8;

  static final int GATHER_MS_MIN = 4;
  static final int GATHER_MS_MAX = 25;

  private final int flushIntervalMs;
  private final Load loadMax;
  private final int earlyFlushesPerSecond;

  FlushPolicy(int flushIntervalMs, int fileBytesMax, int earlyFlushesPerSecond) {
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

  /// When the file closes, if it is not full before.
  ///
  /// The interval is counted from one closing to the next, so that a file after a quiet time waits
  /// for nothing but the rest of what its producers have under way. While every file before it is
  /// settled, producers that wait for their answers send nothing more, and waiting for the interval
  /// would gather nothing: then the budget of early PUTs is what spaces the files. Producers that
  /// send without waiting lose nothing by the interval, and get no PUTs of the budget.
  long dueMs(ActiveFile file, Past past) {
    long spacingMs = flushIntervalMs;
    if (past.settled() && past.someoneIsHeldUp() && earlyFlushesPerSecond > 0) {
      spacingMs = Math.min(spacingMs, Math.ceilDiv(1_000, earlyFlushesPerSecond));
    }
    return Math.max(gatheredMs(file, past), past.lastClosedMs() + spacingMs);
  }

  private long gatheredMs(ActiveFile file, Past past) {
    long gatherMs = gatherMs(past.lastSettledInMs());
    boolean fresh = past.settled() && file.openedMs() <= past.lastSettledMs() + gatherMs;
    if (!fresh) {
      // Long after the last answers, the clients that send now may be others than those that were
      // answered.
      return file.openedMs() + gatherMs;
    }
    return past.answeredAreBack()
        ? file.openedMs()
        : Math.max(file.openedMs(), past.lastSettledMs()) + gatherMs;
  }

  private long gatherMs(long lastSettledInMs) {
    long partMs = Math.clamp(lastSettledInMs / GATHER_PART, GATHER_MS_MIN, GATHER_MS_MAX);
    return Math.min(partMs, flushIntervalMs);
  }

  /// What came before the active file.
  ///
  /// @param lastClosedMs when the file before it closed
  /// @param settled whether every file before it is settled
  /// @param someoneIsHeldUp whether somebody in the active file sends only once answered
  /// @param answeredAreBack whether every client that was answered since then has sent again
  /// @param lastSettledMs when a file was settled last
  /// @param lastSettledInMs how long that took from its closing
  record Past(
      long lastClosedMs,
      boolean settled,
      boolean someoneIsHeldUp,
      boolean answeredAreBack,
      long lastSettledMs,
      long lastSettledInMs) {}
}
