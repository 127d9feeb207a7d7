package io.weft.storage.file;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;

/// What writer and reader share of the formats v1 and v2; the grammars stand at [FileComposer].
final class FileFormat {
  /// Magic, version and kind: how a file of every version begins, and, backwards, ends.
  static final int MARK_BYTES = 8;

  static final int EXTENT_BYTES = 60;

  /// Extent count, checksum, footer length and end mark: what follows the last extent.
  static final int TRAILER_BYTES = 20;

  /// Read, no longer written: does not say which cluster a file belongs to.
  static final byte VERSION_1 = 1;

  /// What is written today.
  static final byte VERSION = 2;

  static final byte KIND_INGEST = 1;

  /// Bytes of a header of today's version.
  static final int HEADER_BYTES = 64;

  private static final int FILE_ID = MARK_BYTES;
  private static final int NONCE = FILE_ID + Long.BYTES;
  private static final int CLUSTER_ID = NONCE + Long.BYTES;
  private static final int HEADER_CRC = CLUSTER_ID + FileOrigin.CLUSTER_ID_CHARS_MAX;

  /// Not text and not UTF-8 in the first byte, a line end in the last: a transfer that "mends" text
  /// shows at once.
  private static final byte[] MAGIC = {(byte) 0x89, 'W', 'E', 'F', 'T', '\n'};

  private FileFormat() {}

  /// The first bytes of a file: magic, version, kind.
  static byte[] mark(byte version, byte kind) {
    byte[] mark = Arrays.copyOf(MAGIC, MARK_BYTES);
    mark[MAGIC.length] = version;
    mark[MAGIC.length + 1] = kind;
    return mark;
  }

  /// The last bytes of a file: the first ones, backwards.
  static byte[] endMark(byte version, byte kind) {
    return backwards(mark(version, kind));
  }

  static byte[] backwards(byte[] mark) {
    byte[] turned = new byte[mark.length];
    for (int i = 0; i < mark.length; i++) {
      turned[i] = mark[mark.length - 1 - i];
    }
    return turned;
  }

  static boolean magicMatches(byte[] mark) {
    return Arrays.equals(mark, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
  }

  static byte version(byte[] mark) {
    return mark[MAGIC.length];
  }

  static byte kind(byte[] mark) {
    return mark[MAGIC.length + 1];
  }

  /// A whole header of today's version.
  static byte[] header(byte kind, FileOrigin origin) {
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
    header.put(mark(VERSION, kind));
    header.putLong(FILE_ID, origin.fileId()).putLong(NONCE, origin.nonce());
    header.put(CLUSTER_ID, origin.clusterIdBytes());
    header.putInt(HEADER_CRC, Crc32c.of(header.slice(0, HEADER_CRC)));
    return header.array();
  }

  /// What a header of today's version says, or empty if it is not as it was written.
  static Optional<FileOrigin> origin(ByteBuffer header) {
    if (header.getInt(HEADER_CRC) != Crc32c.of(header.slice(0, HEADER_CRC))) {
      return Optional.empty();
    }
    byte[] padded = new byte[FileOrigin.CLUSTER_ID_CHARS_MAX];
    header.get(CLUSTER_ID, padded);
    int length = padded.length;
    while (length > 0 && padded[length - 1] == 0) {
      length--;
    }
    String clusterId = new String(padded, 0, length, StandardCharsets.ISO_8859_1);
    long fileId = header.getLong(FILE_ID);
    return fileId >= 0 && FileOrigin.isClusterId(clusterId)
        ? Optional.of(new FileOrigin(clusterId, fileId, header.getLong(NONCE)))
        : Optional.empty();
  }

  static int headerBytes(byte version) {
    return version == VERSION_1 ? MARK_BYTES : HEADER_BYTES;
  }

  /// Bytes of the footer before its first extent: today's repeats the header.
  static int footerHeadBytes(byte version) {
    return version == VERSION_1 ? 0 : HEADER_BYTES;
  }

  static int footerBytes(byte version, int extents) {
    return footerHeadBytes(version) + extents * EXTENT_BYTES + TRAILER_BYTES;
  }

  /// The footer's checksum: over its bytes as far as the count; of version 1 over the mark, as it
  /// should be, before them.
  static int footerCrc(byte version, byte kind, ByteBuffer upToCount) {
    CRC32C crc = new CRC32C();
    if (version == VERSION_1) {
      crc.update(mark(version, kind));
    }
    crc.update(upToCount.duplicate());
    return (int) crc.getValue();
  }
}
