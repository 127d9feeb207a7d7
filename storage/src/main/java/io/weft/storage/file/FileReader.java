package io.weft.storage.file;

import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import io.weft.storage.object.ObjectInfo;
import io.weft.storage.object.ObjectKey;
import io.weft.storage.object.ObjectStore;
import io.weft.storage.object.ObjectStoreException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// Reads a file's footer and checks a file's bytes, believing nothing before it is checked: format
/// at [FileComposer]. Thread-safe.
public final class FileReader {
  /// How much of a file's end is read at first: the footers of nearly all files fit.
  public static final int TAIL_BYTES = 64 * 1024;

  private static final int FILE_BYTES_MIN =
      FileFormat.HEADER_BYTES + BatchHead.BYTES + FileFormat.footerBytes(1);

  private final String name;
  private final long fileLength;

  private FileReader(ObjectKey key, long fileLength) {
    this.name = key.name();
    this.fileLength = fileLength;
  }

  /// As [#readIndex(ObjectStore, ObjectKey, long)], asking the store for the file's length first.
  public static FileIndex readIndex(ObjectStore store, ObjectKey key) {
    long length =
        store
            .stat(key)
            .map(ObjectInfo::length)
            .orElseThrow(() -> new ObjectStoreException.NotFound(key));
    return readIndex(store, key, length);
  }

  /// The footer of a file, read with one ranged read, or two where it is larger than [#TAIL_BYTES].
  /// The header is checked where the first read brings it along.
  ///
  /// @param length the object's length, as the store or the control plane says
  /// @throws CorruptFileException if the footer is not what was written, or of a version or kind
  ///   unknown here
  public static FileIndex readIndex(ObjectStore store, ObjectKey key, long length) {
    return new FileReader(key, length).read(store, key);
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

  /// Checks a file's first [FileComposer#HEADER_BYTES] bytes.
  ///
  /// @throws CorruptFileException if they are no header of this version
  public static void verifyHeader(ObjectKey key, ByteBuffer bytes) {
    byte[] header = new byte[FileFormat.HEADER_BYTES];
    bytes.get(bytes.position(), header);
    new FileReader(key, 0).checkMagic(header, 0);
  }

  private FileIndex read(ObjectStore store, ObjectKey key) {
    if (fileLength < FILE_BYTES_MIN || fileLength > FileComposer.FILE_BYTES_MAX) {
      throw damage(0, "%d bytes can be no file".formatted(fileLength));
    }
    int tailLength = (int) Math.min(fileLength, TAIL_BYTES);
    ByteBuffer tail = ByteBuffer.allocate(tailLength);
    store.read(key, fileLength - tailLength, tail);
    tail.clear();
    byte kind = checkEndMark(tail);
    int footerLength = checkedFooterLength(tail);
    ByteBuffer footer;
    if (footerLength <= tailLength) {
      footer = tail.slice(tailLength - footerLength, footerLength);
    } else {
      footer = ByteBuffer.allocate(footerLength);
      int missing = footerLength - tailLength;
      store.read(key, fileLength - footerLength, footer.limit(missing));
      footer.clear().put(missing, tail, 0, tailLength);
    }
    checkFooterCrc(kind, footer);
    if (tailLength == fileLength) {
      verifyHeader(key, tail);
    }
    return new FileIndex(extents(footer));
  }

  private byte checkEndMark(ByteBuffer tail) {
    byte[] mark = new byte[FileFormat.HEADER_BYTES];
    for (int i = 0; i < mark.length; i++) {
      mark[i] = tail.get(tail.limit() - 1 - i);
    }
    return checkMagic(mark, fileLength - FileFormat.HEADER_BYTES);
  }

  private byte checkMagic(byte[] header, long position) {
    if (!FileFormat.magicMatches(header)) {
      String found = HexFormat.of().formatHex(header);
      throw damage(position, "no mark of a Weft file but %s".formatted(found));
    }
    byte version = FileFormat.version(header);
    if (version != FileFormat.VERSION) {
      throw damage(
          position,
          "unknown format version %d; this program reads version %d"
              .formatted(version, FileFormat.VERSION));
    }
    byte kind = FileFormat.kind(header);
    if (kind != FileFormat.KIND_INGEST) {
      throw damage(position, "unknown kind of file %d".formatted(kind));
    }
    return kind;
  }

  /// The footer's length, once it agrees with the extent count, the limits and the file.
  private int checkedFooterLength(ByteBuffer tail) {
    int trailer = tail.limit() - FileFormat.TRAILER_BYTES;
    long position = fileLength - FileFormat.TRAILER_BYTES;
    int extents = tail.getInt(trailer);
    if (extents < 1 || extents > FileComposer.EXTENTS_MAX) {
      throw damage(position, "a footer of %d extents".formatted(extents));
    }
    int length = tail.getInt(trailer + 2 * Integer.BYTES);
    if (length != FileFormat.footerBytes(extents)) {
      throw damage(position, "a footer of %d bytes, %d extents".formatted(length, extents));
    }
    if (length > fileLength - FileFormat.HEADER_BYTES) {
      throw damage(position, "a footer of %d bytes in %d".formatted(length, fileLength));
    }
    return length;
  }

  private void checkFooterCrc(byte kind, ByteBuffer footer) {
    int covered = footer.limit() - FileFormat.TRAILER_BYTES + Integer.BYTES;
    int stored = footer.getInt(covered);
    int crc = FileFormat.footerCrc(kind, footer.slice(0, covered));
    if (crc != stored) {
      throw damage(fileLength - footer.limit(), "footer " + differing(stored, crc));
    }
  }

  private List<FileExtent> extents(ByteBuffer footer) {
    long footerPosition = fileLength - footer.limit();
    int count = (footer.limit() - FileFormat.TRAILER_BYTES) / FileFormat.EXTENT_BYTES;
    List<FileExtent> extents = new ArrayList<>(count);
    long end = FileFormat.HEADER_BYTES;
    for (int i = 0; i < count; i++) {
      long at = footerPosition + footer.position();
      FileExtent extent = extent(footer, at);
      if (extent.position() != end || extent.length() > footerPosition - end) {
        throw damage(at, "extent %d is not where the one before it ends".formatted(i));
      }
      if (i > 0 && extent.partition().compareTo(extents.getLast().partition()) <= 0) {
        throw damage(at, "extent %d is not in the order of partitions".formatted(i));
      }
      end += extent.length();
      extents.add(extent);
    }
    if (end != footerPosition) {
      throw damage(end, "bytes of no extent before the footer");
    }
    return List.copyOf(extents);
  }

  private FileExtent extent(ByteBuffer footer, long at) {
    TopicId topic = new TopicId(footer.getLong(), footer.getLong());
    int partition = footer.getInt();
    if (partition < 0) {
      throw damage(at, "an extent of partition %d".formatted(partition));
    }
    FileExtent extent =
        new FileExtent(
            new PartitionId(topic, partition),
            footer.getLong(),
            footer.getInt(),
            footer.getInt(),
            footer.getInt(),
            footer.getLong(),
            footer.getLong(),
            footer.getInt());
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
