package io.weft.controlplane.api;

/// What became of one partition's batches in a committed file, by columns of equal length.
///
/// @param verdicts codes of [Verdict]
/// @param baseOffsets the offset of the batch's first record (placed, duplicate), else -1
/// @param logAppendTimesMs the time the control plane gave it (LogAppendTime topics), else -1
/// @param logStartOffset of the partition, or -1 where it is unknown
public record BatchOutcomes(
    byte[] verdicts, long[] baseOffsets, long[] logAppendTimesMs, long logStartOffset) {
  /// A verdict's code is written to the journal: only ever append, and count on.
  public enum Verdict {
    /// It has its place.
    PLACED(0),
    /// It was placed before, at the offset and time given here; nothing was added.
    DUPLICATE(1),
    /// It is older than the five batches that are remembered of its producer: placed once, long
    /// ago.
    DUPLICATE_FORGOTTEN(2),
    OUT_OF_ORDER_SEQUENCE(3),
    INVALID_PRODUCER_EPOCH(4),
    /// No such topic or partition (any more).
    UNKNOWN_PARTITION(5),
    /// A batch outside the transaction that its producer has open.
    INVALID_TRANSACTION_STATE(6),
    /// A transactional batch of a producer id that no transactional id has, or another than the one
    /// it was sent under.
    UNKNOWN_PRODUCER(7),
    /// A transactional batch whose partition was not made part of its transaction.
    NOT_IN_TRANSACTION(8),
    /// A transactional batch whose transaction has as many partitions as it may have.
    TRANSACTION_FULL(9);

    private final byte code;

    Verdict(int code) {
      this.code = (byte) code;
    }

    /// What stands for it in the column of verdicts.
    public byte code() {
      return code;
    }
  }

  public int count() {
    return verdicts.length;
  }

  public Verdict verdict(int batch) {
    return VERDICTS[verdicts[batch]];
  }

  private static final Verdict[] VERDICTS = Verdict.values();
}
