package io.weft.controlplane.api;

/// What became of one partition's batches in a committed file, by columns of equal length.
///
/// @param verdicts ordinals of [Verdict]
/// @param baseOffsets the offset of the batch's first record (placed, duplicate), else -1
/// @param logAppendTimesMs the time the control plane gave it (LogAppendTime topics), else -1
/// @param logStartOffset of the partition, or -1 where it is unknown
public record BatchOutcomes(
    byte[] verdicts, long[] baseOffsets, long[] logAppendTimesMs, long logStartOffset) {
  /// A verdict's ordinal is written to the journal: only ever append.
  public enum Verdict {
    /// It has its place.
    PLACED,
    /// It was placed before, at the offset and time given here; nothing was added.
    DUPLICATE,
    /// It is older than the five batches that are remembered of its producer: placed once, long
    /// ago.
    DUPLICATE_FORGOTTEN,
    OUT_OF_ORDER_SEQUENCE,
    INVALID_PRODUCER_EPOCH,
    /// No such topic or partition (any more).
    UNKNOWN_PARTITION,
    /// A transactional batch outside its transaction.
    INVALID_TRANSACTION_STATE
  }

  public int count() {
    return verdicts.length;
  }

  public Verdict verdict(int batch) {
    return VERDICTS[verdicts[batch]];
  }

  private static final Verdict[] VERDICTS = Verdict.values();
}
