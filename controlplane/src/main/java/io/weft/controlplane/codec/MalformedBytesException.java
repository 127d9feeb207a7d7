package io.weft.controlplane.codec;

import java.util.function.Supplier;

/// Bytes that no writer of ours made: damaged, cut short, or of another version.
public sealed class MalformedBytesException extends RuntimeException permits NewerFormatException {
  private static final long serialVersionUID = 1L;

  public MalformedBytesException(String message) {
    super(message);
  }

  private MalformedBytesException(String message, RuntimeException cause) {
    super(message, cause);
  }

  /// Reads what is built of bytes: values that refuse what the bytes say, or that cannot be, are
  /// the bytes' fault, not a bug.
  ///
  /// @param what is read: "command"
  public static <T> T ifImpossible(String what, Supplier<T> reader) {
    try {
      return reader.get();
    } catch (ArithmeticException
        | ClassCastException
        | IllegalArgumentException
        | IllegalStateException
        | IndexOutOfBoundsException
        | NegativeArraySizeException
        | NullPointerException e) {
      throw new MalformedBytesException("impossible %s: %s".formatted(what, e.getMessage()), e);
    }
  }
}
