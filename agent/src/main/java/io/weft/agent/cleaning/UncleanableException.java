package io.weft.agent.cleaning;

/// A partition cannot be cleaned as it is now: no later attempt with the same limits will do it.
final class UncleanableException extends Exception {
  private static final long serialVersionUID = 1L;

  UncleanableException(String why) {
    super(why);
  }
}
