package io.weft.model;

import java.util.Arrays;

/// Bytes of somebody else's format, carried without being understood. Immutable: the code that
/// makes one gives the array away, and code that reads one must not write to it.
public final class OpaqueBytes {
  private final byte[] bytes;
  private final int hash;

  private OpaqueBytes(byte[] bytes) {
    this.bytes = bytes;
    this.hash = Arrays.hashCode(bytes);
  }

  /// @param bytes not to be changed from here on
  public static OpaqueBytes of(byte[] bytes) {
    return new OpaqueBytes(bytes);
  }

  /// Not to be changed.
  public byte[] array() {
    return bytes;
  }

  public int size() {
    return bytes.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof OpaqueBytes same
        && hash == same.hash
        && Arrays.equals(bytes, same.bytes);
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public String toString() {
    return bytes.length + " bytes";
  }
}
