package io.weft.protocol.record;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/// Adjacent bytes that lie in several buffers, read as if they were one. Immutable; thread-safe as
/// long as nobody writes to the buffers.
///
/// Numbers are big-endian, as in all of Kafka's formats. Indexes outside the bytes are a bug of the
/// caller's and end in an `IndexOutOfBoundsException`.
public final class GatheredBytes {
  private final ByteBuffer[] buffers;

  /// Where each buffer begins; one more entry for the end.
  private final int[] starts;

  private GatheredBytes(ByteBuffer[] buffers, int[] starts) {
    this.buffers = buffers;
    this.starts = starts;
  }

  /// Takes what remains in each buffer, in order; the buffers' own positions are left alone.
  public static GatheredBytes of(List<ByteBuffer> parts) {
    ByteBuffer[] buffers = new ByteBuffer[parts.size()];
    int[] starts = new int[parts.size() + 1];
    int count = 0;
    for (ByteBuffer part : parts) {
      if (part.hasRemaining()) {
        buffers[count] = part.slice();
        starts[count + 1] = Math.addExact(starts[count], part.remaining());
        count++;
      }
    }
    return count == buffers.length
        ? new GatheredBytes(buffers, starts)
        : new GatheredBytes(Arrays.copyOf(buffers, count), Arrays.copyOf(starts, count + 1));
  }

  public static GatheredBytes of(ByteBuffer whole) {
    return of(List.of(whole));
  }

  public int length() {
    return starts[buffers.length];
  }

  public byte byteAt(int at) {
    int part = partOf(at);
    return buffers[part].get(at - starts[part]);
  }

  public short shortAt(int at) {
    int part = partOf(at);
    return at + Short.BYTES <= starts[part + 1]
        ? buffers[part].getShort(at - starts[part])
        : (short) joined(at, Short.BYTES);
  }

  public int intAt(int at) {
    int part = partOf(at);
    return at + Integer.BYTES <= starts[part + 1]
        ? buffers[part].getInt(at - starts[part])
        : (int) joined(at, Integer.BYTES);
  }

  public long longAt(int at) {
    int part = partOf(at);
    return at + Long.BYTES <= starts[part + 1]
        ? buffers[part].getLong(at - starts[part])
        : joined(at, Long.BYTES);
  }

  /// The bytes from `from` up to, not including, `to`; nothing is copied.
  public GatheredBytes slice(int from, int to) {
    return from == 0 && to == length() ? this : of(parts(from, to));
  }

  /// The same bytes as [#slice], as fresh read-only buffers in order.
  public List<ByteBuffer> parts(int from, int to) {
    checkRange(from, to);
    List<ByteBuffer> parts = new ArrayList<>();
    int at = from;
    while (at < to) {
      int part = partOf(at);
      int end = Math.min(to, starts[part + 1]);
      parts.add(buffers[part].slice(at - starts[part], end - at).asReadOnlyBuffer());
      at = end;
    }
    return parts;
  }

  /// The bytes from `from` up to `to` in one buffer: a view where they lie in one, else a copy.
  public ByteBuffer contiguous(int from, int to) {
    List<ByteBuffer> parts = parts(from, to);
    return parts.size() == 1 ? parts.getFirst() : copy(from, to);
  }

  /// The bytes from `from` up to `to` in a new buffer.
  public ByteBuffer copy(int from, int to) {
    ByteBuffer copy = ByteBuffer.allocate(to - from);
    parts(from, to).forEach(copy::put);
    return copy.flip();
  }

  /// Adds the bytes from `from` up to `to` to a checksum.
  public void addTo(CRC32C crc, int from, int to) {
    parts(from, to).forEach(crc::update);
  }

  private long joined(int at, int bytes) {
    checkRange(at, at + bytes);
    long value = 0;
    for (int i = at; i < at + bytes; i++) {
      value = value << 8 | (byteAt(i) & 0xff);
    }
    return value;
  }

  private void checkRange(int from, int to) {
    if (from < 0 || to < from || to > length()) {
      throw new IndexOutOfBoundsException("%d..%d of %d".formatted(from, to, length()));
    }
  }

  private int partOf(int at) {
    if (at < 0 || at >= length()) {
      throw new IndexOutOfBoundsException("%d of %d".formatted(at, length()));
    }
    int low = 0;
    int high = buffers.length - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (starts[middle] <= at) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }
}
