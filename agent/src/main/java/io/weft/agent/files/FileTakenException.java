package io.weft.agent.files;

/// Under the id of a file of ours lies something else in the bucket. Nothing was changed there.
/// Trying again is of no use, and going on would be guessing: an operator has to look.
public final class FileTakenException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  FileTakenException(String message) {
    super(message);
  }
}
