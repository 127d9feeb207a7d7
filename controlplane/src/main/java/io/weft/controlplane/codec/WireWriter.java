package io.weft.controlplane.codec;

import io.weft.model.Invariant;
import io.weft.model.TopicId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;

/// Appends values to a growing byte array, or to a row of pages. Owned by one thread.
public final class WireWriter {
  /// The most bytes in one array: what the JVM can allocate.
  public static final int ARRAY_BYTES_MAX = Integer.MAX_VALUE - 8;

  /// No number is longer, so a page this long takes any.
  private static final int PAGE_BYTES_MIN = 16;

  private final int pageBytes;
  private final long bytesMax;
  private final Deque<ByteBuffer> full = new ArrayDeque<>();
  private long fullBytes;
  private byte[] bytes;
  private int size;
  private int level = 1;

  /// Of the last partition written in the list at hand.
  private Optional<TopicId> lastTopic = Optional.empty();

  public WireWriter() {
    this(256);
  }

  public WireWriter(int capacity) {
    this(capacity, 0, ARRAY_BYTES_MAX);
  }

  private WireWriter(int capacity, int pageBytes, long bytesMax) {
    this.bytes = new byte[capacity];
    this.pageBytes = pageBytes;
    this.bytesMax = bytesMax;
  }

  /// A writer of pages, for what may become large: nothing is copied when it grows, and no array
  /// has to hold all of it.
  ///
  /// @param pageBytes the most bytes of a page; at least 16
  /// @param bytesMax the most bytes of all pages: what goes beyond is an [OversizeException]
  public static WireWriter paged(int pageBytes, long bytesMax) {
    Invariant.check(pageBytes >= PAGE_BYTES_MIN, "pages of %d bytes", pageBytes);
    return new WireWriter(pageBytes, pageBytes, bytesMax);
  }

  /// Writes layouts of this level from now on, where they differ between levels; 1 unless said.
  public WireWriter atLevel(int newLevel) {
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

  /// Bytes written, of a writer without pages.
  public int size() {
    Invariant.check(pageBytes == 0, "the size of a row of pages");
    return size;
  }

  /// Bytes written.
  public long length() {
    return fullBytes + size;
  }

  /// A copy of what was written, by a writer without pages.
  public byte[] toByteArray() {
    return Arrays.copyOf(bytes, size());
  }

  /// Hands over the pages, in order: none is empty, all but the last are nearly full. The writer is
  /// of no use any more.
  ///
  /// @throws OversizeException if they are more bytes than there may be
  public Deque<ByteBuffer> takePages() {
    Invariant.check(pageBytes > 0, "pages of a writer without");
    if (size > 0) {
      turnPage();
    }
    bytes = new byte[0];
    return full;
  }

  public void writeByte(int value) {
    ensure(1);
    bytes[size++] = (byte) value;
  }

  public void writeBoolean(boolean value) {
    writeByte(value ? 1 : 0);
  }

  public void writeShort(int value) {
    ensure(2);
    bytes[size++] = (byte) (value >>> 8);
    bytes[size++] = (byte) value;
  }

  public void writeInt(int value) {
    ensure(4);
    for (int shift = 24; shift >= 0; shift -= 8) {
      bytes[size++] = (byte) (value >>> shift);
    }
  }

  public void writeLong(long value) {
    ensure(8);
    for (int shift = 56; shift >= 0; shift -= 8) {
      bytes[size++] = (byte) (value >>> shift);
    }
  }

  /// 1 to 10 bytes, few for small numbers of either sign (zig-zag, base 128).
  public void writeVarLong(long value) {
    ensure(10);
    long rest = (value << 1) ^ (value >> 63);
    while ((rest & ~0x7FL) != 0) {
      bytes[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
  }

  public void writeVarInt(int value) {
    writeVarLong(value);
  }

  public void writeBytes(byte[] value) {
    writeVarInt(value.length);
    if (pageBytes == 0) {
      ensure(value.length);
    }
    int from = 0;
    while (from < value.length) {
      ensure(1);
      int taken = Math.min(bytes.length - size, value.length - from);
      System.arraycopy(value, from, bytes, size, taken);
      size += taken;
      from += taken;
    }
  }

  public void writeString(String value) {
    writeBytes(value.getBytes(StandardCharsets.UTF_8));
  }

  private void ensure(int more) {
    if (bytes.length - size >= more) {
      return;
    }
    if (pageBytes > 0) {
      turnPage();
      bytes = new byte[pageBytes];
    } else {
      bytes = Arrays.copyOf(bytes, grown(bytes.length, (long) size + more));
    }
  }

  /// Twice as much if that is enough and there may be so much.
  static int grown(int capacity, long needed) {
    if (needed > ARRAY_BYTES_MAX) {
      throw new OversizeException(ARRAY_BYTES_MAX);
    }
    return (int) Math.max(needed, Math.min(2L * capacity, ARRAY_BYTES_MAX));
  }

  private void turnPage() {
    if (length() > bytesMax) {
      throw new OversizeException(bytesMax);
    }
    full.addLast(ByteBuffer.wrap(bytes, 0, size));
    fullBytes += size;
    size = 0;
  }
}
