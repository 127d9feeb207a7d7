package io.weft.controlplane.codec.shape;

import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;

/// How values of one type are written as bytes and read again. Thread-safe.
///
/// `read` throws [io.weft.controlplane.codec.MalformedBytesException] or [IllegalArgumentException]
/// for bytes that `write` cannot have made.
public interface Shape<T> {
  void write(T value, WireWriter out);

  T read(WireReader in);

  /// The fewest bytes of any value at any level: a list of these is never longer than the bytes at
  /// hand allow.
  default int bytesMin() {
    return 1;
  }

  /// Whether a value may be large. What is always short has no weight.
  default boolean weighs() {
    return false;
  }

  /// About how many bytes of memory a value takes beside the few that each has.
  default long weight(T value) {
    return 0;
  }

  /// The version of these bytes at a level: the last level, up to that one, at which they were
  /// given another layout; 1 if they never were.
  default int versionAt(int level) {
    return 1;
  }
}
