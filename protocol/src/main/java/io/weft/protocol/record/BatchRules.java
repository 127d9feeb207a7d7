package io.weft.protocol.record;

/// What a partition asks of a batch beyond being a sound batch.
///
/// @param batchBytesMax the largest batch, compressed as it came, head included
/// @param keysRequired whether every record needs a key (compacted topics)
/// @param zstdAllowed whether this version of the request may carry zstd (KIP-110)
/// @param timestampMinMs the earliest record timestamp taken; -1 (none) is always taken
/// @param timestampMaxMs the latest record timestamp taken
/// @param decompressedBytesMax how many bytes the records of one compressed batch may unfold to
public record BatchRules(
    int batchBytesMax,
    boolean keysRequired,
    boolean zstdAllowed,
    long timestampMinMs,
    long timestampMaxMs,
    long decompressedBytesMax) {
  /// Far above what any client buffers for one batch, far below what would hold up a connection.
  public static final long DECOMPRESSED_BYTES_MAX = 128L << 20;

  public BatchRules {
    if (batchBytesMax < 0 || decompressedBytesMax <= 0) {
      throw new IllegalArgumentException(
          "impossible limits %d, %d".formatted(batchBytesMax, decompressedBytesMax));
    }
  }

  /// Any timestamp, no keys needed, zstd taken.
  public static BatchRules sizeOnly(int batchBytesMax) {
    return new BatchRules(
        batchBytesMax, false, true, Long.MIN_VALUE, Long.MAX_VALUE, DECOMPRESSED_BYTES_MAX);
  }
}
