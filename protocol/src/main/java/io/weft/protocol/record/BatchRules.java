package io.weft.protocol.record;

/// What a partition asks of a batch beyond being a sound batch.
///
/// @param batchBytesMax the largest batch, compressed as it came, head included
/// @param keysRequired whether every record needs a key (compacted topics)
/// @param zstdAllowed whether this version of the request may carry zstd (KIP-110)
/// @param timestampMinMs the earliest record timestamp taken; -1 (none) is always taken
/// @param timestampMaxMs the latest record timestamp taken
/// @param recordBytesMax how many bytes one record of a compressed batch may unfold to
/// @param decompressedBytesMax how many bytes all records of one compressed batch may unfold to
public record BatchRules(
    int batchBytesMax,
    boolean keysRequired,
    boolean zstdAllowed,
    long timestampMinMs,
    long timestampMaxMs,
    long recordBytesMax,
    long decompressedBytesMax) {
  /// The standard for both: far above what any client buffers for one batch, far below what would
  /// hold up a connection.
  public static final int DECOMPRESSED_BYTES_MAX = 128 << 20;

  /// A batch's records may unfold to so many times the bytes that the largest batch may have, if
  /// that is more: text often shrinks to a tenth.
  private static final int EXPANSION_MAX = 16;

  public BatchRules {
    if (batchBytesMax < 0 || recordBytesMax < 0 || decompressedBytesMax <= 0) {
      throw new IllegalArgumentException(
          "impossible limits %d, %d, %d"
              .formatted(batchBytesMax, recordBytesMax, decompressedBytesMax));
    }
  }

  /// Any timestamp, no keys needed, zstd taken.
  public static BatchRules sizeOnly(int batchBytesMax) {
    return new BatchRules(
        batchBytesMax,
        false,
        true,
        Long.MIN_VALUE,
        Long.MAX_VALUE,
        DECOMPRESSED_BYTES_MAX,
        DECOMPRESSED_BYTES_MAX);
  }

  /// What all records of one batch may unfold to, by what its partition says of one record and of a
  /// batch.
  public static long decompressedBytesMax(int batchBytesMax, int recordBytesMax) {
    return Math.max(
        Math.max(DECOMPRESSED_BYTES_MAX, recordBytesMax), (long) EXPANSION_MAX * batchBytesMax);
  }
}
