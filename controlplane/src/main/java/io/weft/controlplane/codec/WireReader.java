package io.weft.controlplane.codec;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// Reads what [WireWriter] wrote, or throws [MalformedBytesException]. Owned by one thread.
public final class WireReader {
  private final byte[] bytes;
  private final int end;
  private int position;

  public WireReader(byte[] bytes) {
    this(bytes, 0, bytes.length);
  }

  public WireReader(byte[] bytes, int offset, int length) {
    this.bytes = bytes;
    this.position = offset;
    this.end = Math.addExact(offset, length);
  }

  public int remaining() {
    return end - position;
  }

  /// To be called last: bytes left over mean that reader and writer do not agree.
  public void finish() {
    if (remaining() != 0) {
      throw new MalformedBytesException(remaining() + " bytes left over");
    }
  }

  public byte readByte() {
    need(1);
    return bytes[position++];
  }

  public boolean readBoolean() {
    byte value = readByte();
    if (value != 0 && value != 1) {
      throw new MalformedBytesException("not a boolean: " + value);
    }
    return value == 1;
  }

  public short readShort() {
    need(2);
    int value = ((bytes[position] & 0xFF) << 8) | (bytes[position + 1] & 0xFF);
    position += 2;
    return (short) value;
  }

  public int readInt() {
    need(4);
    int value = 0;
    for (int i = 0; i < 4; i++) {
      value = (value << 8) | (bytes[position++] & 0xFF);
    }
    return value;
  }

  public long readLong() {
    need(8);
    long value = 0;
    for (int i = 0; i < 8; i++) {
      value = (value << 8) | (bytes[position++] & 0xFF);
    }
    return value;
  }

  public long readVarLong() {
    long rest = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      byte next = readByte();
      rest |= (long) (next & 0x7F) << shift;
      if (next >= 0) {
        return (rest >>> 1) ^ -(rest & 1);
      }
    }
    throw new MalformedBytesException("a number of more than ten bytes");
  }

  public int readVarInt() {
    long value = readVarLong();
    if (value != (int) value) {
      throw new MalformedBytesException("not an int: " + value);
    }
    return (int) value;
  }

  /// A number of things that follow, each of at least `bytesEach` bytes: never more than can be
  /// there.
  public int readCount(int bytesEach) {
    int count = readVarInt();
    if (count < 0 || (long) count * bytesEach > remaining()) {
      throw new MalformedBytesException("impossible count " + count);
    }
    return count;
  }

  public byte[] readBytes() {
    int length = readCount(1);
    byte[] value = new byte[length];
    System.arraycopy(bytes, position, value, 0, length);
    position += length;
    return value;
  }

  public String readString() {
    int length = readCount(1);
    try {
      CharBuffer text =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, position, length));
      position += length;
      return text.toString();
    } catch (CharacterCodingException e) {
      throw new MalformedBytesException("a string that is not UTF-8");
    }
  }

  private void need(int count) {
    if (remaining() < count) {
      throw new MalformedBytesException(
          "cut short: %d bytes needed, %d left".formatted(count, remaining()));
    }
  }
}
