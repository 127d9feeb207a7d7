package io.weft.agent.produce;

/// Under the id of a file of ours lies something else in the bucket. Nothing was changed there.
/// Trying again is of no use, and going on would be guessing: somebody must look.
final class FileTakenException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  FileTakenException(String message) {
    super(message);
  }
}
