package io.weft.protocol.cleaning;

/// A partition or a batch of it cannot be cleaned as it is now: no later attempt with the same
/// limits will do it.
public final class UncleanableException extends Exception {
  private static final long serialVersionUID = 1L;

  public UncleanableException(String why) {
    super(why);
  }
}
