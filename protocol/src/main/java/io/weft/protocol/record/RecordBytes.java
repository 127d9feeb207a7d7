package io.weft.protocol.record;

import io.weft.protocol.record.Verification.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/// The records of one batch as a run of bytes to be read once: the array they lie in, or a window
/// over memory outside the heap, or one over what a decompressor gives. Owned by one thread.
///
/// Reading allocates nothing, and never more than the window is held of what is unfolded.
final class RecordBytes {
  private static final int WINDOW_BYTES = 16 * 1024;

  /// So short that keys and values of usual length are skipped where they lie, not copied.
  private static final int OUTSIDE_WINDOW_BYTES = 256;

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final InputStream more;

  /// What lies outside the heap and has not come to the window.
  private final ByteBuffer outside;

  private final byte[] window;
  private final long bytesMax;
  private int at;
  private int limit;

  /// Position of `window[0]`.
  private long windowStart;

  private RecordBytes(
      InputStream more, ByteBuffer outside, byte[] window, int at, int limit, long bytesMax) {
    this.more = more;
    this.outside = outside;
    this.window = window;
    this.at = at;
    this.limit = limit;
    this.bytesMax = bytesMax;
  }

  /// The bytes from the buffer's position to its limit, where they lie.
  static RecordBytes of(ByteBuffer buffer) {
    if (!buffer.hasArray()) {
      byte[] window = new byte[Math.min(OUTSIDE_WINDOW_BYTES, buffer.remaining())];
      return new RecordBytes(
          InputStream.nullInputStream(), buffer.duplicate(), window, 0, 0, Long.MAX_VALUE);
    }
    int first = buffer.arrayOffset() + buffer.position();
    return new RecordBytes(
        InputStream.nullInputStream(),
        NOTHING,
        buffer.array(),
        first,
        first + buffer.remaining(),
        Long.MAX_VALUE);
  }

  /// What the stream gives, but at most `bytesMax`.
  static RecordBytes of(InputStream stream, long bytesMax) {
    return new RecordBytes(stream, NOTHING, new byte[WINDOW_BYTES], 0, 0, bytesMax);
  }

  /// Rises by one with every byte; where it begins means nothing.
  long position() {
    return windowStart + at;
  }

  byte next() throws MalformedRecordsException {
    if (at == limit) {
      refill();
    }
    return window[at++];
  }

  void skip(int count) throws MalformedRecordsException {
    int left = count;
    while (left > limit - at) {
      left -= limit - at;
      at = limit;
      left -= skipOutside(left);
      refill();
    }
    at += left;
  }

  /// Passes bytes that have not come to the window, but for the last: so that there is one to come.
  private int skipOutside(int count) {
    int skipped = Math.max(0, Math.min(count, outside.remaining()) - 1);
    outside.position(outside.position() + skipped);
    windowStart += skipped;
    return skipped;
  }

  /// A zigzag number of at most five bytes. Bits beyond the 32nd are dropped, as Kafka's readers
  /// do.
  int varint() throws MalformedRecordsException {
    byte one = next();
    int raw = one & 0x7f;
    for (int shift = 7; one < 0; shift += 7) {
      if (shift > 28) {
        throw MalformedRecordsException.invalid("a number of more than 5 bytes");
      }
      one = next();
      raw |= (one & 0x7f) << shift;
    }
    return (raw >>> 1) ^ -(raw & 1);
  }

  /// A zigzag number of at most ten bytes.
  long varlong() throws MalformedRecordsException {
    byte one = next();
    long raw = one & 0x7f;
    for (int shift = 7; one < 0; shift += 7) {
      if (shift > 63) {
        throw MalformedRecordsException.invalid("a number of more than 10 bytes");
      }
      one = next();
      raw |= (long) (one & 0x7f) << shift;
    }
    return (raw >>> 1) ^ -(raw & 1);
  }

  void requireEnd() throws MalformedRecordsException {
    if (at != limit || pull() > 0) {
      throw MalformedRecordsException.invalid("bytes after the last record");
    }
  }

  private void refill() throws MalformedRecordsException {
    int pulled = pull();
    if (pulled <= 0) {
      throw MalformedRecordsException.invalid("the batch ends within a record");
    }
    windowStart += limit;
    at = 0;
    limit = pulled;
    if (windowStart + limit > bytesMax) {
      throw new MalformedRecordsException(
          Reason.TOO_LARGE, "records of more than %d bytes, decompressed".formatted(bytesMax));
    }
  }

  private int pull() throws MalformedRecordsException {
    if (outside.hasRemaining()) {
      int count = Math.min(window.length, outside.remaining());
      outside.get(window, 0, count);
      return count;
    }
    try {
      return more.read(window, 0, window.length);
    } catch (IOException | RuntimeException e) {
      // Every codec has its own way to say that its input is no good, some of them unchecked.
      throw MalformedRecordsException.invalid("the records cannot be decompressed");
    }
  }
}
