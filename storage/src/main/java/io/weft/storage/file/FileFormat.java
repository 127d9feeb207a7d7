package io.weft.storage.file;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;

/// The constants of format v1 that writer and reader share; the grammar stands at [FileComposer].
final class FileFormat {
  static final int HEADER_BYTES = 8;
  static final int EXTENT_BYTES = 60;

  /// Extent count, checksum, footer length and end mark: what follows the last extent.
  static final int TRAILER_BYTES = 20;

  static final byte VERSION = 1;
  static final byte KIND_INGEST = 1;

  /// Not text and not UTF-8 in the first byte, a line end in the last: a transfer that "mends" text
  /// shows at once.
  private static final byte[] MAGIC = {(byte) 0x89, 'W', 'E', 'F', 'T', '\n'};

  private FileFormat() {}

  /// The first bytes of a file: magic, version, kind.
  static byte[] header(byte kind) {
    byte[] header = Arrays.copyOf(MAGIC, HEADER_BYTES);
    header[MAGIC.length] = VERSION;
    header[MAGIC.length + 1] = kind;
    return header;
  }

  /// The last bytes of a file: the header's, backwards.
  static byte[] endMark(byte kind) {
    byte[] header = header(kind);
    byte[] mark = new byte[HEADER_BYTES];
    for (int i = 0; i < HEADER_BYTES; i++) {
      mark[i] = header[HEADER_BYTES - 1 - i];
    }
    return mark;
  }

  static boolean magicMatches(byte[] header) {
    return Arrays.equals(header, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
  }

  static byte version(byte[] header) {
    return header[MAGIC.length];
  }

  static byte kind(byte[] header) {
    return header[MAGIC.length + 1];
  }

  /// The footer's checksum: over the header as it should be, the extents and their count.
  static int footerCrc(byte kind, ByteBuffer extentsAndCount) {
    CRC32C crc = new CRC32C();
    crc.update(header(kind));
    crc.update(extentsAndCount.duplicate());
    return (int) crc.getValue();
  }

  static int footerBytes(int extents) {
    return extents * EXTENT_BYTES + TRAILER_BYTES;
  }
}
