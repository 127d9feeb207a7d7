package io.weft.simulation.client;

import java.nio.ByteBuffer;
import java.util.OptionalLong;

/// A value as the bytes of a record: the value, and bytes that follow from it.
public final class Payload {
  private static final int FILL_MAX = 300;

  private Payload() {}

  static byte[] of(long value) {
    byte[] bytes = new byte[Long.BYTES + (int) Math.floorMod(value * 37, (long) FILL_MAX)];
    ByteBuffer.wrap(bytes).putLong(value);
    for (int i = Long.BYTES; i < bytes.length; i++) {
      bytes[i] = (byte) (value * 31 + i);
    }
    return bytes;
  }

  /// @return empty if these bytes are no value's
  public static OptionalLong value(ByteBuffer record) {
    if (record.remaining() < Long.BYTES) {
      return OptionalLong.empty();
    }
    long value = record.getLong(record.position());
    return value >= 0 && ByteBuffer.wrap(of(value)).equals(record)
        ? OptionalLong.of(value)
        : OptionalLong.empty();
  }
}
