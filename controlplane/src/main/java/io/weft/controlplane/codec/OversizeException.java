package io.weft.controlplane.codec;

/// More was written than a [WireWriter] may hold. None of it can be used.
public final class OversizeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  OversizeException(long bytesMax) {
    super("more than the %d bytes that there may be".formatted(bytesMax));
  }
}
