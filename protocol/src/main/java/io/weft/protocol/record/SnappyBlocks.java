package io.weft.protocol.record;

import java.nio.ByteBuffer;

/// Looks at the block lengths of snappy data before it is decompressed.
///
/// snappy-java allocates by the lengths its input announces, up to 2 GiB for a few bytes. They are
/// held here against the bytes that are really there.
///
/// ```
/// Data  => Magic:8 Version:int32 CompatibleVersion:int32 (Length:int32 Block)*   (snappy-java's)
///        | Block                                                                 (plain)
/// Block => UncompressedLength:uvarint …
/// ```
///
/// Where a length is expected a whole new head may stand instead: streams may be concatenated.
final class SnappyBlocks {
  private static final long MAGIC = 0x82534e4150505900L;
  private static final int MAGIC_HEAD = (int) (MAGIC >>> 32);
  private static final int HEAD_BYTES = 16;

  /// A snappy element of three bytes copies 64 at most.
  private static final int EXPANSION_MAX = 22;

  private SnappyBlocks() {}

  /// Throws if decompressing could allocate more than [#EXPANSION_MAX] times what is there, or if
  /// something follows that is no block.
  static void check(ByteBuffer data) throws MalformedRecordsException {
    int at = data.position();
    int end = data.limit();
    if (end - at < HEAD_BYTES || data.getLong(at) != MAGIC) {
      checkBlock(data, at, end);
      return;
    }
    at += HEAD_BYTES;
    while (end - at >= Integer.BYTES) {
      int length = data.getInt(at);
      if (length == MAGIC_HEAD) {
        at += HEAD_BYTES;
        continue;
      }
      at += Integer.BYTES;
      if (length < 0 || length > end - at) {
        throw MalformedRecordsException.invalid("a snappy block that is longer than the batch");
      }
      checkBlock(data, at, at + length);
      at += length;
    }
    if (at != end) {
      throw MalformedRecordsException.invalid("bytes after the last snappy block");
    }
  }

  private static void checkBlock(ByteBuffer data, int first, int end)
      throws MalformedRecordsException {
    long announced = 0;
    int at = first;
    for (int shift = 0; ; shift += 7) {
      if (at >= end || shift > 28) {
        throw MalformedRecordsException.invalid("a snappy block without a length");
      }
      byte one = data.get(at++);
      announced |= (long) (one & 0x7f) << shift;
      if (one >= 0) {
        break;
      }
    }
    if (announced > (long) (end - first) * EXPANSION_MAX) {
      throw MalformedRecordsException.invalid("a snappy block that cannot be as long as it says");
    }
  }
}
