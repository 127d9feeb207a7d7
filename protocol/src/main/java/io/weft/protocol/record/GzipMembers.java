package io.weft.protocol.record;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/// What gzip data unfolds to (RFC 1952). Unlike the JDK's stream it takes nothing that a strict
/// reader would refuse: no bytes after the last member, no reserved flag. Owned by one thread.
///
/// ```
/// Data    => Member+
/// Member  => 1f 8b 08 Flags Time[4] ExtraFlags System [Extra] [Name 0] [Comment 0] [HeadCrc[2]]
///            Deflated Crc[4] Length[4]                        (numbers little-endian)
/// ```
final class GzipMembers extends InputStream {
  private static final int MAGIC_1 = 0x1f;
  private static final int MAGIC_2 = 0x8b;
  private static final int DEFLATE = 8;
  private static final int HEAD_CRC_FLAG = 2;
  private static final int EXTRA_FLAG = 4;
  private static final int NAME_FLAG = 8;
  private static final int COMMENT_FLAG = 16;
  private static final int KNOWN_FLAGS = 0x1f;

  /// Time, extra flags, system.
  private static final int PASSED_OVER_BYTES = 6;

  private final ByteBuffer data;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 crc = new CRC32();
  private boolean ended;

  GzipMembers(ByteBuffer data) throws IOException {
    this.data = data.slice();
    boolean begun = false;
    try {
      begin();
      begun = true;
    } finally {
      if (!begun) {
        // Nobody gets this to close it.
        inflater.end();
      }
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (!ended) {
      int count = inflate(target, offset, length);
      if (count > 0) {
        crc.update(target, offset, count);
        return count;
      }
      if (!inflater.finished()) {
        throw new EOFException("gzip data that ends too soon");
      }
      end();
    }
    return -1;
  }

  @Override
  public void close() {
    inflater.end();
  }

  private int inflate(byte[] target, int offset, int length) throws IOException {
    try {
      return inflater.inflate(target, offset, length);
    } catch (DataFormatException e) {
      throw new ZipException("not deflated");
    }
  }

  /// Reads a member's head.
  private void begin() throws IOException {
    crc.reset();
    require(next() == MAGIC_1 && next() == MAGIC_2 && next() == DEFLATE, "no gzip member");
    int flags = next();
    require((flags & ~KNOWN_FLAGS) == 0, "an unknown flag");
    skip(PASSED_OVER_BYTES);
    if ((flags & EXTRA_FLAG) != 0) {
      skip(next() | (next() << 8));
    }
    if ((flags & NAME_FLAG) != 0) {
      skipText();
    }
    if ((flags & COMMENT_FLAG) != 0) {
      skipText();
    }
    if ((flags & HEAD_CRC_FLAG) != 0) {
      int computed = (int) crc.getValue() & 0xffff;
      require((next() | (next() << 8)) == computed, "the head's checksum does not match");
    }
    crc.reset();
    inflater.reset();
    inflater.setInput(data);
  }

  /// Reads a member's end, and the head of the next one if there is any.
  private void end() throws IOException {
    long bytes = inflater.getBytesWritten() & 0xffffffffL;
    long checksum = crc.getValue();
    require(number() == checksum, "the checksum does not match");
    require(number() == bytes, "another length than announced");
    if (data.hasRemaining()) {
      begin();
    } else {
      ended = true;
    }
  }

  private long number() throws IOException {
    return next() | (next() << 8) | (next() << 16) | ((long) next() << 24);
  }

  private void skip(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      next();
    }
  }

  private void skipText() throws IOException {
    int one = next();
    while (one != 0) {
      one = next();
    }
  }

  private int next() throws IOException {
    if (!data.hasRemaining()) {
      throw new EOFException("gzip data that ends too soon");
    }
    int one = data.get() & 0xff;
    crc.update(one);
    return one;
  }

  private static void require(boolean condition, String otherwise) throws ZipException {
    if (!condition) {
      throw new ZipException(otherwise);
    }
  }
}
