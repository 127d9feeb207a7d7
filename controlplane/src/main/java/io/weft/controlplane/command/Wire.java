package io.weft.controlplane.command;

import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;

/// How values of one type are written as bytes and read again. Thread-safe.
///
/// `read` throws [io.weft.controlplane.codec.MalformedBytesException] or [IllegalArgumentException]
/// for bytes that `write` cannot have made.
public interface Wire<T> {
  void write(T value, WireWriter out);

  T read(WireReader in);
}
