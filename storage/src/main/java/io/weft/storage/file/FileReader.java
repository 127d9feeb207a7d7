package io.weft.storage.file;

import io.weft.storage.object.ObjectInfo;
import io.weft.storage.object.ObjectKey;
import io.weft.storage.object.ObjectStore;
import io.weft.storage.object.ObjectStoreException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/// Reads a file's footer and checks a file's bytes, believing nothing before it is checked: format
/// at [FileComposer]. Thread-safe.
public final class FileReader {
  /// How much of a file's end is read at first: the footers of nearly all files fit.
  public static final int TAIL_BYTES = 64 * 1024;

  private static final int FILE_BYTES_MIN =
      FileFormat.MARK_BYTES + BatchHead.BYTES + FileFormat.footerBytes(FileFormat.VERSION_1, 1);

  private final String name;
  private final long fileLength;

  private FileReader(ObjectKey key, long fileLength) {
    this.name = key.name();
    this.fileLength = fileLength;
  }

  /// As [#readFooter(ObjectStore, ObjectKey, long)], asking the store for the file's length first.
  public static FileFooter readFooter(ObjectStore store, ObjectKey key) {
    long length =
        store
            .stat(key)
            .map(ObjectInfo::length)
            .orElseThrow(() -> new ObjectStoreException.NotFound(key));
    return readFooter(store, key, length);
  }

  /// The footer of a file, read with one ranged read, or two where it is larger than [#TAIL_BYTES].
  /// The header is checked where the first read brings it along.
  ///
  /// @param length the object's length, as the store or the control plane says
  /// @throws CorruptFileException if the footer is not what was written, or of a version or kind
  ///   unknown here
  public static FileFooter readFooter(ObjectStore store, ObjectKey key, long length) {
    return new FileReader(key, length).read(store, key);
  }

  /// As [#readFooter(ObjectStore, ObjectKey, long)], with the header checked in any case: one more
  /// request for a file of more than [#TAIL_BYTES].
  public static FileFooter readFooterAndHeader(ObjectStore store, ObjectKey key, long length) {
    FileFooter footer = readFooter(store, key, length);
    if (length > TAIL_BYTES) {
      ByteBuffer header = ByteBuffer.allocate(FileFormat.HEADER_BYTES);
      store.read(key, 0, header);
      verifyHeader(key, footer, header.clear());
    }
    return footer;
  }

  /// As [#readFooter(ObjectStore, ObjectKey, long)], of a file of which the last bytes have been
  /// read already: the store is asked only for what they lack of a large footer. Refers to the
  /// bytes.
  ///
  /// @param tail at least [#TAIL_BYTES] (position to limit), or the whole file
  public static FileFooter readFooter(
      ObjectStore store, ObjectKey key, long length, ByteBuffer tail) {
    FileReader reader = new FileReader(key, length);
    reader.checkLength();
    return reader.read(tail.slice(), Optional.of(store));
  }

  /// The footer of a file that is in memory whole, with its header checked too. Refers to the
  /// bytes.
  ///
  /// @param file from its first byte to its last: position to limit
  /// @throws CorruptFileException as [#readFooter]
  public static FileFooter footerOf(ObjectKey key, ByteBuffer file) {
    FileReader reader = new FileReader(key, file.remaining());
    reader.checkLength();
    return reader.read(file.slice(), Optional.empty());
  }

  /// Checks that `bytes` (from position to limit) are the bytes of this extent.
  ///
  /// @throws CorruptFileException if not
  public static void verifyExtent(FileExtent extent, ByteBuffer bytes) {
    String where = "the extent of " + extent.partition();
    if (bytes.remaining() != extent.length()) {
      String what = "%d bytes instead of %d".formatted(bytes.remaining(), extent.length());
      throw new CorruptFileException(where, extent.position(), what);
    }
    int crc = Crc32c.of(bytes);
    if (crc != extent.crc32c()) {
      throw new CorruptFileException(where, extent.position(), differing(extent.crc32c(), crc));
    }
  }

  /// Checks a file's first bytes, as many as a header of today has.
  ///
  /// @throws CorruptFileException if they are not the header that the footer repeats
  static void verifyHeader(ObjectKey key, FileFooter footer, ByteBuffer header) {
    new FileReader(key, 0).checkHeader(footer, header);
  }

  private FileFooter read(ObjectStore store, ObjectKey key) {
    checkLength();
    int tailLength = (int) Math.min(fileLength, TAIL_BYTES);
    ByteBuffer tail = ByteBuffer.allocate(tailLength);
    store.read(key, fileLength - tailLength, tail);
    return read(tail.clear(), Optional.of(store));
  }

  private void checkLength() {
    if (fileLength < FILE_BYTES_MIN || fileLength > FileComposer.FILE_BYTES_MAX) {
      throw damage(0, "%d bytes can be no file".formatted(fileLength));
    }
  }

  /// @param store where the rest of a footer is that is longer than the tail
  private FileFooter read(ByteBuffer tail, Optional<ObjectStore> store) {
    byte[] mark = endMark(tail);
    byte version = FileFormat.version(mark);
    int footerLength = checkedFooterLength(version, tail);
    ByteBuffer bytes = footerBytes(tail, footerLength, store);
    checkFooterCrc(mark, bytes);
    FileFooter footer = footer(mark, bytes);
    checkExtents(version, extentsOf(version, bytes));
    if (tail.limit() == fileLength) {
      checkHeader(footer, tail);
    }
    return footer;
  }

  private ByteBuffer footerBytes(ByteBuffer tail, int footerLength, Optional<ObjectStore> store) {
    int tailLength = tail.limit();
    if (footerLength <= tailLength) {
      return tail.slice(tailLength - footerLength, footerLength);
    }
    ByteBuffer footer = ByteBuffer.allocate(footerLength);
    int missing = footerLength - tailLength;
    store.orElseThrow().read(new ObjectKey(name), fileLength - footerLength, footer.limit(missing));
    return footer.clear().put(missing, tail, 0, tailLength);
  }

  private byte[] endMark(ByteBuffer tail) {
    byte[] mark = new byte[FileFormat.MARK_BYTES];
    tail.get(tail.limit() - mark.length, mark);
    byte[] turned = FileFormat.backwards(mark);
    checkMark(turned, fileLength - FileFormat.MARK_BYTES);
    return turned;
  }

  private void checkMark(byte[] mark, long position) {
    if (!FileFormat.magicMatches(mark)) {
      String found = HexFormat.of().formatHex(mark);
      throw damage(position, "no mark of a Weft file but %s".formatted(found));
    }
    byte version = FileFormat.version(mark);
    if (version < FileFormat.VERSION_1 || version > FileFormat.VERSION) {
      throw damage(
          position,
          "unknown format version %d; this program reads versions %d to %d"
              .formatted(version, FileFormat.VERSION_1, FileFormat.VERSION));
    }
    byte kind = FileFormat.kind(mark);
    if (kind != FileFormat.KIND_INGEST) {
      throw damage(position, "unknown kind of file %d".formatted(kind));
    }
  }

  /// The footer's length, once it agrees with the extent count, the limits and the file.
  private int checkedFooterLength(byte version, ByteBuffer tail) {
    int trailer = tail.limit() - FileFormat.TRAILER_BYTES;
    long position = fileLength - FileFormat.TRAILER_BYTES;
    int extents = tail.getInt(trailer);
    if (extents < 1 || extents > FileComposer.EXTENTS_MAX) {
      throw damage(position, "a footer of %d extents".formatted(extents));
    }
    int length = tail.getInt(trailer + 2 * Integer.BYTES);
    if (length != FileFormat.footerBytes(version, extents)) {
      throw damage(position, "a footer of %d bytes, %d extents".formatted(length, extents));
    }
    if (length > fileLength - FileFormat.headerBytes(version)) {
      throw damage(position, "a footer of %d bytes in %d".formatted(length, fileLength));
    }
    return length;
  }

  private void checkFooterCrc(byte[] mark, ByteBuffer footer) {
    int covered = footer.limit() - FileFormat.TRAILER_BYTES + Integer.BYTES;
    int stored = footer.getInt(covered);
    int crc =
        FileFormat.footerCrc(
            FileFormat.version(mark), FileFormat.kind(mark), footer.slice(0, covered));
    if (crc != stored) {
      throw damage(fileLength - footer.limit(), "footer " + differing(stored, crc));
    }
  }

  private FileFooter footer(byte[] mark, ByteBuffer footer) {
    byte version = FileFormat.version(mark);
    ByteBuffer extents = extentsOf(version, footer);
    if (version == FileFormat.VERSION_1) {
      return new FileFooter(version, Optional.empty(), extents);
    }
    byte[] repeated = new byte[FileFormat.MARK_BYTES];
    footer.get(0, repeated);
    Optional<FileOrigin> origin =
        Arrays.equals(mark, repeated)
            ? FileFormat.origin(footer.slice(0, FileFormat.HEADER_BYTES))
            : Optional.empty();
    if (origin.isEmpty()) {
      throw damage(
          fileLength - footer.limit(), "the footer does not say which cluster the file belongs to");
    }
    return new FileFooter(version, origin, extents);
  }

  private static ByteBuffer extentsOf(byte version, ByteBuffer footer) {
    int from = FileFormat.footerHeadBytes(version);
    return footer.slice(from, footer.limit() - FileFormat.TRAILER_BYTES - from);
  }

  private void checkHeader(FileFooter footer, ByteBuffer file) {
    byte[] mark = new byte[FileFormat.MARK_BYTES];
    file.get(file.position(), mark);
    checkMark(mark, 0);
    if (FileFormat.version(mark) != footer.version()) {
      throw damage(0, "the header is of version %d".formatted(FileFormat.version(mark)));
    }
    Optional<FileOrigin> origin =
        footer.version() == FileFormat.VERSION_1
            ? Optional.empty()
            : FileFormat.origin(file.slice(file.position(), FileFormat.HEADER_BYTES));
    if (!origin.equals(footer.origin())) {
      throw damage(0, "the header is not the one that the footer repeats");
    }
  }

  private void checkExtents(byte version, ByteBuffer extents) {
    long extentsPosition = fileLength - FileFormat.TRAILER_BYTES - extents.limit();
    long footerPosition = extentsPosition - FileFormat.footerHeadBytes(version);
    int count = extents.limit() / FileFormat.EXTENT_BYTES;
    long end = FileFormat.headerBytes(version);
    Optional<FileExtent> before = Optional.empty();
    for (int i = 0; i < count; i++) {
      long at = extentsPosition + (long) i * FileFormat.EXTENT_BYTES;
      FileExtent extent = checkedExtent(extents, i, at);
      if (extent.position() != end || extent.length() > footerPosition - end) {
        throw damage(at, "extent %d is not where the one before it ends".formatted(i));
      }
      if (before.isPresent() && extent.partition().compareTo(before.get().partition()) <= 0) {
        throw damage(at, "extent %d is not in the order of partitions".formatted(i));
      }
      end += extent.length();
      before = Optional.of(extent);
    }
    if (end != footerPosition) {
      throw damage(end, "bytes of no extent before the footer");
    }
  }

  private FileExtent checkedExtent(ByteBuffer extents, int index, long at) {
    if (!FileFooter.hasPartition(extents, index)) {
      throw damage(at, "an extent of a negative partition");
    }
    FileExtent extent = FileFooter.extent(extents, index);
    if (extent.batches() < 1
        || extent.records() < extent.batches()
        || extent.length() / BatchHead.BYTES < extent.batches()) {
      throw damage(
          at,
          "an extent of %d bytes, %d batches, %d records"
              .formatted(extent.length(), extent.batches(), extent.records()));
    }
    return extent;
  }

  private CorruptFileException damage(long position, String what) {
    return new CorruptFileException("file " + name, position, what);
  }

  private static String differing(int stored, int computed) {
    return "CRC-32C is stored as %08x, its bytes give %08x".formatted(stored, computed);
  }
}
