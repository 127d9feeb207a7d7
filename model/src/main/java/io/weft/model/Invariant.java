package io.weft.model;

/// The one way to say "a bug, if not so". A broken invariant stops what runs; it is never answered.
public final class Invariant {
  private Invariant() {}

  public static void check(boolean condition, String message) {
    if (!condition) {
      throw new IllegalStateException(message);
    }
  }

  /// As [#check(boolean, String)], with one number in the message (`%d`).
  public static void check(boolean condition, String message, long value) {
    if (!condition) {
      throw new IllegalStateException(message.formatted(value));
    }
  }
}
