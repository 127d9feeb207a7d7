package io.weft.protocol.record;

/// Stored bytes that are not the batches they should be. Nobody may see them: read them again from
/// where they came, or say that they are lost.
public final class CorruptBatchException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /// @param at index of the batch's first byte in the bytes that were read
  public CorruptBatchException(int at, String what) {
    super("batch at byte %d: %s".formatted(at, what));
  }
}
