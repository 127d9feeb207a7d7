package io.weft.controlplane.codec;

/// There are no bytes for something at the level at which it was to be written: who reads there
/// does not know it. To be caught where the reader is a peer of an earlier release; where it is our
/// own journal, it is a bug.
public final class ReaderTooOldException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  /// @param what was to be written: "an extent with offsets of its own"
  public ReaderTooOldException(String what, int level) {
    super("%s is not known at level %d".formatted(what, level));
  }
}
