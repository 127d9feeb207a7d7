package io.weft.storage.file;

import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/// What a file says of itself, checked: which cluster it belongs to and what lies where. Immutable.
/// It refers to the footer's bytes, [FileFormat#EXTENT_BYTES] a partition, and makes objects only
/// of what is asked for.
public final class FileFooter {
  private final byte version;
  private final Optional<FileOrigin> origin;
  private final ByteBuffer extents;

  /// @param extents their bytes alone, in good order
  FileFooter(byte version, Optional<FileOrigin> origin, ByteBuffer extents) {
    this.version = version;
    this.origin = origin;
    this.extents = extents;
  }

  /// Reads what [#toBytes] wrote, and checks the order of it; whether it is true only the file can
  /// say.
  ///
  /// ```
  /// footer => version:1 header? extent*    -- a header of today's version; version 1 has none
  /// ```
  ///
  /// @throws CorruptFileException if these are no footer's bytes
  public static FileFooter of(ByteBuffer bytes) {
    ByteBuffer all = bytes.slice();
    byte version = all.hasRemaining() ? all.get() : 0;
    if (version < FileFormat.VERSION_1 || version > FileFormat.VERSION) {
      throw copyDamage("version " + version);
    }
    int head = 1 + FileFormat.footerHeadBytes(version);
    int extentBytes = all.limit() - head;
    if (extentBytes < FileFormat.EXTENT_BYTES
        || extentBytes % FileFormat.EXTENT_BYTES != 0
        || extentBytes / FileFormat.EXTENT_BYTES > FileComposer.EXTENTS_MAX) {
      throw copyDamage("%d bytes".formatted(all.limit()));
    }
    Optional<FileOrigin> origin =
        version == FileFormat.VERSION_1
            ? Optional.empty()
            : FileFormat.origin(all.slice(1, FileFormat.HEADER_BYTES));
    if (version != FileFormat.VERSION_1 && origin.isEmpty()) {
      throw copyDamage("a header that is not as it was written");
    }
    ByteBuffer extents = all.slice(head, extentBytes);
    checkOrder(extents);
    return new FileFooter(version, origin, extents);
  }

  private static void checkOrder(ByteBuffer extents) {
    Optional<PartitionId> before = Optional.empty();
    for (int i = 0; i < extents.limit() / FileFormat.EXTENT_BYTES; i++) {
      if (!hasPartition(extents, i)) {
        throw copyDamage("an extent of a negative partition");
      }
      PartitionId partition = extent(extents, i).partition();
      if (before.isPresent() && partition.compareTo(before.get()) <= 0) {
        throw copyDamage("extent %d is not in the order of partitions".formatted(i));
      }
      before = Optional.of(partition);
    }
  }

  private static CorruptFileException copyDamage(String what) {
    return new CorruptFileException("the copy of a footer", 0, what);
  }

  /// What another process needs to know what lies where in the file: see [#of].
  public byte[] toBytes() {
    ByteBuffer bytes = ByteBuffer.allocate(copyBytes());
    bytes.put(version);
    origin.ifPresent(it -> bytes.put(FileFormat.header(FileFormat.KIND_INGEST, it)));
    return bytes.put(extents.duplicate().rewind()).array();
  }

  /// How many bytes [#toBytes] makes.
  public int copyBytes() {
    return 1 + FileFormat.footerHeadBytes(version) + extents.limit();
  }

  /// A checksum of what [#toBytes] makes: tells files from each other.
  public int copyCrc() {
    CRC32C crc = new CRC32C();
    crc.update(version);
    origin.ifPresent(it -> crc.update(FileFormat.header(FileFormat.KIND_INGEST, it)));
    crc.update(extents.duplicate().rewind());
    return (int) crc.getValue();
  }

  public byte version() {
    return version;
  }

  /// The file's origin; empty for version 1, which does not say.
  public Optional<FileOrigin> origin() {
    return origin;
  }

  /// Bytes of memory that this refers to.
  public int sizeInBytes() {
    return extents.limit();
  }

  public FileIndex index() {
    int count = extents.limit() / FileFormat.EXTENT_BYTES;
    List<FileExtent> all = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      all.add(extent(extents, i));
    }
    return new FileIndex(List.copyOf(all));
  }

  /// The one run of this partition, if the file has any.
  public Optional<FileExtent> find(PartitionId partition) {
    int low = 0;
    int high = extents.limit() / FileFormat.EXTENT_BYTES - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      FileExtent extent = extent(extents, middle);
      int order = extent.partition().compareTo(partition);
      if (order == 0) {
        return Optional.of(extent);
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return Optional.empty();
  }

  /// What is wrong with this as the file that this cluster has under this id; empty if nothing is.
  public Optional<String> flawAs(String clusterId, long fileId) {
    return origin
        .filter(said -> !said.clusterId().equals(clusterId) || said.fileId() != fileId)
        .map(
            said ->
                "it says that it is %s; expected was file %d of cluster %s"
                    .formatted(said, fileId, clusterId));
  }

  /// What is wrong with the claim that bytes of this partition lie here; empty if nothing is.
  public Optional<String> flawOf(PartitionId partition, long position, int length) {
    Optional<FileExtent> own = find(partition);
    if (own.isEmpty()) {
      return Optional.of(
          "it says that it has nothing of %s; expected were %d bytes from byte %d on"
              .formatted(partition, length, position));
    }
    long end = own.get().position() + own.get().length();
    boolean holds = position >= own.get().position() && length <= end - position;
    return holds
        ? Optional.empty()
        : Optional.of(
            "it says that it has %s from byte %d to %d; expected were %d bytes from byte %d on"
                .formatted(partition, own.get().position(), end, length, position));
  }

  /// What is wrong with the claim that these bytes begin at this position of the file; empty if
  /// nothing is, as far as extents tell that lie in them whole.
  public Optional<String> flawOfBytes(long position, ByteBuffer bytes) {
    for (int i = 0; i < extents.limit() / FileFormat.EXTENT_BYTES; i++) {
      long begin = extents.getLong(i * FileFormat.EXTENT_BYTES + 20);
      int length = extents.getInt(i * FileFormat.EXTENT_BYTES + 28);
      boolean isWhole =
          begin >= position && length >= 0 && begin - position <= bytes.remaining() - length;
      if (isWhole && !has(extent(extents, i), position, bytes)) {
        return Optional.of("bytes from byte %d on that are not the file's".formatted(begin));
      }
    }
    return Optional.empty();
  }

  private static boolean has(FileExtent extent, long position, ByteBuffer bytes) {
    int from = bytes.position() + (int) (extent.position() - position);
    return Crc32c.of(bytes.slice(from, extent.length())) == extent.crc32c();
  }

  /// @param extents from its first byte on
  static FileExtent extent(ByteBuffer extents, int index) {
    int at = index * FileFormat.EXTENT_BYTES;
    TopicId topic = new TopicId(extents.getLong(at), extents.getLong(at + 8));
    return new FileExtent(
        new PartitionId(topic, extents.getInt(at + 16)),
        extents.getLong(at + 20),
        extents.getInt(at + 28),
        extents.getInt(at + 32),
        extents.getInt(at + 36),
        extents.getLong(at + 40),
        extents.getLong(at + 48),
        extents.getInt(at + 56));
  }

  /// As [#extent], of bytes of which nothing is believed yet: whether this is a partition at all.
  static boolean hasPartition(ByteBuffer extents, int index) {
    return extents.getInt(index * FileFormat.EXTENT_BYTES + 16) >= 0;
  }
}
