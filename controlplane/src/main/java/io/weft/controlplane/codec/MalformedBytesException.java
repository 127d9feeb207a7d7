package io.weft.controlplane.codec;

/// Bytes that no writer of ours made: damaged, cut short, or of another version.
public sealed class MalformedBytesException extends RuntimeException permits NewerFormatException {
  private static final long serialVersionUID = 1L;

  public MalformedBytesException(String message) {
    super(message);
  }
}
