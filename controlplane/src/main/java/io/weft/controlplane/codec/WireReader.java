package io.weft.controlplane.codec;

import io.weft.model.Invariant;
import io.weft.model.TopicId;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Reads what [WireWriter] wrote, or throws [MalformedBytesException]. Owned by one thread.
public final class WireReader {
  private byte[] bytes;
  private int end;
  private int position;
  private final Pages pages;

  /// Bytes behind the page at hand.
  private long ahead;

  private int level = 1;

  /// Of the last partition read in the list at hand.
  private Optional<TopicId> lastTopic = Optional.empty();

  public WireReader(byte[] bytes) {
    this(bytes, 0, bytes.length);
  }

  public WireReader(byte[] bytes, int offset, int length) {
    this.bytes = bytes;
    this.position = offset;
    this.end = Math.addExact(offset, length);
    this.pages =
        () -> {
          throw new IllegalStateException("no page follows");
        };
  }

  /// Reads pages one after the other: only one of them is held at a time.
  ///
  /// @param length bytes of all pages
  public WireReader(Pages pages, long length) {
    this.bytes = new byte[0];
    this.pages = pages;
    this.ahead = length;
  }

  /// Where pages come from.
  public interface Pages {
    /// The next one, not empty; asked for only while there must be one. What it throws comes out of
    /// the read that needed it.
    byte[] next();
  }

  /// Reads layouts of this level from now on, where they differ between levels; 1 unless said.
  public WireReader atLevel(int newLevel) {
    this.level = newLevel;
    return this;
  }

  public int level() {
    return level;
  }

  public Optional<TopicId> lastTopic() {
    return lastTopic;
  }

  public void lastTopic(Optional<TopicId> topic) {
    this.lastTopic = topic;
  }

  /// Bytes not read yet; of more than an int can say, the largest int.
  public int remaining() {
    return (int) Math.min(Integer.MAX_VALUE, end - position + ahead);
  }

  /// To be called last: bytes left over mean that reader and writer do not agree.
  public void finish() {
    if (remaining() != 0) {
      throw new MalformedBytesException(remaining() + " bytes left over");
    }
  }

  public byte readByte() {
    if (position == end) {
      turnPage();
    }
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
    return (short) readFixed(2);
  }

  public int readInt() {
    return (int) readFixed(4);
  }

  public long readLong() {
    return readFixed(8);
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
    if (count < 0 || (long) count * bytesEach > end - position + ahead) {
      throw new MalformedBytesException("impossible count " + count);
    }
    return count;
  }

  public byte[] readBytes() {
    return take(readCount(1));
  }

  public String readString() {
    int length = readCount(1);
    ByteBuffer utf8;
    if (end - position >= length) {
      utf8 = ByteBuffer.wrap(bytes, position, length);
      position += length;
    } else {
      utf8 = ByteBuffer.wrap(take(length));
    }
    try {
      CharBuffer text = StandardCharsets.UTF_8.newDecoder().decode(utf8);
      return text.toString();
    } catch (CharacterCodingException e) {
      throw new MalformedBytesException("a string that is not UTF-8");
    }
  }

  private byte[] take(int length) {
    byte[] value = new byte[length];
    int taken = 0;
    while (taken < length) {
      if (position == end) {
        turnPage();
      }
      int piece = Math.min(length - taken, end - position);
      System.arraycopy(bytes, position, value, taken, piece);
      position += piece;
      taken += piece;
    }
    return value;
  }

  /// A big-endian number of so many bytes.
  private long readFixed(int count) {
    if (remaining() < count) {
      throw new MalformedBytesException(
          "cut short: %d bytes needed, %d left".formatted(count, remaining()));
    }
    long value = 0;
    for (int i = 0; i < count; i++) {
      value = (value << 8) | (readByte() & 0xFF);
    }
    return value;
  }

  private void turnPage() {
    if (ahead == 0) {
      throw new MalformedBytesException("cut short: 1 bytes needed, 0 left");
    }
    bytes = pages.next();
    Invariant.check(bytes.length > 0 && bytes.length <= ahead, "a page of %d bytes", bytes.length);
    position = 0;
    end = bytes.length;
    ahead -= end;
  }
}
