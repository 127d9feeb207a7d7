package io.weft.agent.cache;

/// An object's bytes are damaged: read twice from the store, and both times not what was written.
/// Nobody may see them, and nobody may skip them.
public final class CorruptObjectException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public CorruptObjectException(long fileId, long position, String what) {
    super("file %d is damaged in what begins at byte %d: %s".formatted(fileId, position, what));
  }
}
