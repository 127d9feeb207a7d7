package io.weft.agent.compaction;

/// An input is damaged or missing, as far as can be told: no later attempt will read it.
final class UnreadableInputException extends Exception {
  private static final long serialVersionUID = 1L;

  private final long fileId;

  UnreadableInputException(long fileId, String what) {
    super("file %d cannot be merged: %s".formatted(fileId, what));
    this.fileId = fileId;
  }

  long fileId() {
    return fileId;
  }
}
