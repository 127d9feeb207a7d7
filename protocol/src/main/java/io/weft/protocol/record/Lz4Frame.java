package io.weft.protocol.record;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.OptionalInt;
import java.util.OptionalLong;
import net.jpountz.xxhash.StreamingXXHash32;
import net.jpountz.xxhash.XXHashFactory;

/// What an LZ4 frame says of itself and Kafka's reader passes over: where it ends, how long its
/// content is, and the content's checksum. Other readers check all three.
///
/// ```
/// Frame => 04 22 4d 18 Flags Blocks [ContentBytes[8]] HeadChecksum Block* 0[4] [Checksum[4]]
/// Block => Length[4] Data [BlockChecksum[4]]    (little-endian; Length's top bit: not compressed)
/// ```
///
/// @param contentBytes if the frame says it
/// @param checksum xxHash-32 of the content, if there is one
record Lz4Frame(OptionalLong contentBytes, OptionalInt checksum) {
  private static final int MAGIC = 0x184d2204;
  private static final int CHECKSUM_FLAG = 4;
  private static final int LENGTH_FLAG = 8;
  private static final int BLOCK_CHECKSUM_FLAG = 16;
  private static final int LENGTH_BITS = 0x7fffffff;

  /// Finds the frame's end, which must be the data's.
  static Lz4Frame of(ByteBuffer data) throws MalformedRecordsException {
    Reader reader = new Reader(data.slice().order(ByteOrder.LITTLE_ENDIAN));
    if (reader.number() != MAGIC) {
      throw MalformedRecordsException.invalid("no LZ4 frame");
    }
    int flags = reader.skip(1);
    reader.skip(1);
    OptionalLong contentBytes =
        (flags & LENGTH_FLAG) == 0
            ? OptionalLong.empty()
            : OptionalLong.of((reader.number() & 0xffffffffL) | ((long) reader.number() << 32));
    reader.skip(1);
    int length = reader.number();
    while (length != 0) {
      reader.skip(length & LENGTH_BITS);
      reader.skip((flags & BLOCK_CHECKSUM_FLAG) == 0 ? 0 : Integer.BYTES);
      length = reader.number();
    }
    OptionalInt checksum =
        (flags & CHECKSUM_FLAG) == 0 ? OptionalInt.empty() : OptionalInt.of(reader.number());
    if (reader.data.hasRemaining()) {
      throw MalformedRecordsException.invalid("bytes after the LZ4 frame");
    }
    return new Lz4Frame(contentBytes, checksum);
  }

  /// The content, which at its end is held against what the frame says.
  InputStream checked(InputStream content) {
    return contentBytes.isEmpty() && checksum.isEmpty() ? content : new Checked(content);
  }

  private record Reader(ByteBuffer data) {
    int number() throws MalformedRecordsException {
      need(Integer.BYTES);
      return data.getInt();
    }

    /// @return the first of the bytes
    int skip(int count) throws MalformedRecordsException {
      need(count);
      int first = count == 0 ? 0 : data.get(data.position());
      data.position(data.position() + count);
      return first;
    }

    private void need(int count) throws MalformedRecordsException {
      if (data.remaining() < count) {
        throw MalformedRecordsException.invalid("an LZ4 frame that ends too soon");
      }
    }
  }

  private final class Checked extends FilterInputStream {
    private final StreamingXXHash32 hash = XXHashFactory.fastestInstance().newStreamingHash32(0);
    private long bytes;

    Checked(InputStream content) {
      super(content);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int count = super.read(target, offset, length);
      if (count > 0) {
        hash.update(target, offset, count);
        bytes += count;
      } else if (count < 0) {
        if (contentBytes.isPresent() && contentBytes.getAsLong() != bytes) {
          throw new IOException("another length than announced");
        }
        if (checksum.isPresent() && checksum.getAsInt() != hash.getValue()) {
          throw new IOException("the content's checksum does not match");
        }
      }
      return count;
    }

    @Override
    public void close() throws IOException {
      hash.close();
      super.close();
    }
  }
}
