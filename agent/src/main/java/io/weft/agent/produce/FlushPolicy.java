package io.weft.agent.produce;

/// Decides when the active file closes; the one place that does. Immutable.
///
/// @param flushIntervalMs after the first append
/// @param fileBytesMax closes at once when it has this many bytes
/// @param fileBatchesMax or this many batches
record FlushPolicy(int flushIntervalMs, int fileBytesMax, int fileBatchesMax) {
  /// Bounds what the control plane is told of one file.
  static final int FILE_BATCHES_MAX = 20_000;

  /// Whether the append may join the file; if not, the file closes and the append opens the next.
  boolean fits(ActiveFile file, ProduceAppend append) {
    return file.bytes() + append.bytes() <= fileBytesMax
        && file.batches() + append.batches().size() <= fileBatchesMax;
  }

  boolean isFull(ActiveFile file) {
    return file.bytes() >= fileBytesMax || file.batches() >= fileBatchesMax;
  }

  /// How long the file may stay open yet; 0 or less: close it now.
  long leftMs(ActiveFile file, long nowMs) {
    return file.openedMs() + flushIntervalMs - nowMs;
  }
}
