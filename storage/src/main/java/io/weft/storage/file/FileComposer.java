package io.weft.storage.file;

import io.weft.model.Invariant;
import io.weft.model.PartitionId;
import io.weft.storage.object.ObjectBody;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Makes an ingest file of verified batches without touching their bytes again. Thread-safe.
///
/// # Layout
///
/// Numbers are big-endian. `[n]` means n bytes.
///
/// ```
/// File      => Header Run+ Footer
/// Header    => Mark FileId:int64 Nonce:int64 ClusterId[36] HeaderCrc:int32         64 bytes
/// Mark      => Magic[6] Version:int8 Kind:int8
/// Magic     => 89 57 45 46 54 0A                 \x89 W E F T \n
/// Version   => 2
/// Kind      => 1 (ingest) | 2 (compacted; reserved)
/// ClusterId => ASCII of A-Z a-z 0-9 . _ -        padded with zero bytes, at least one character
/// Run       => Batch+                            one partition's, in the order they came
/// Batch     => Kafka record batch, magic 2       as the producer sent it
/// Footer    => Header Extent+ ExtentCount:int32 FooterCrc:int32 FooterLength:int32 EndMark[8]
/// Extent    => TopicId[16] Partition:int32 Position:int64 Length:int32 Batches:int32
///              Records:int32 FirstTimestampMs:int64 MaxTimestampMs:int64 ExtentCrc:int32
/// EndMark   => the mark's bytes, last byte first
/// ```
///
/// One extent describes one run, in the same order: ascending by topic id (as unsigned 128 bits)
/// and partition, each partition once. The first begins where the header ends, each next one where
/// the one before it ends, the footer where the last one ends. `Records` counts offsets (last
/// offset delta + 1, summed up); timestamps are -1 where no record has one.
///
/// # Which cluster a file belongs to
///
/// `ClusterId` and `FileId` say to which cluster the file belongs and under which id it was leased;
/// the writer draws `Nonce` anew for each file, so that it knows its own from another's of the same
/// cluster and id. The footer repeats the header byte by byte: a reader of the file's end alone
/// learns which cluster it belongs to.
///
/// # Checksums
///
/// All are CRC-32C. `HeaderCrc` covers the header's bytes before it, `ExtentCrc` the run's bytes,
/// `FooterCrc` the footer's bytes before it; `FooterLength` counts the whole footer and follows
/// from the count; the end mark is constant. So no byte can change unseen. The checksums of runs
/// and of the whole file are combined from the CRC-32C that each batch carries of its bytes from
/// `Attributes` (byte 21) on and that of the 21 bytes before, which alone are read here.
///
/// # Notes
///
/// The end mark repeats version and kind, so that the tail of a file is understood without its
/// head. Base offsets in the batches mean nothing: offsets are given at commit and kept elsewhere.
/// Topic names are not in the file.
///
/// # Versions
///
/// 2: as above.
///
/// 1, read but no longer written, does not say which cluster a file belongs to: `Header` is the
/// mark alone (8 bytes), the footer begins with its first extent, and `FooterCrc` covers the mark,
/// the extents and `ExtentCount`.
public final class FileComposer {
  /// Where the first batch of a file begins.
  public static final int HEADER_BYTES = FileFormat.HEADER_BYTES;

  /// The most bytes an ingest file may have, header and footer included.
  public static final int FILE_BYTES_MAX = 128 * 1024 * 1024;

  /// The most partitions a file may hold batches of.
  public static final int EXTENTS_MAX = 65_536;

  private FileComposer() {}

  /// Bytes that header and footer add to the batches of that many partitions.
  public static int overheadBytes(int partitions) {
    return HEADER_BYTES + FileFormat.footerBytes(FileFormat.VERSION, partitions);
  }

  /// A file of these runs, sorted by partition. The batches' bytes are referred to, not copied:
  /// nobody may write to them while the body is in use.
  ///
  /// @param runs at least one, each partition once, within [#FILE_BYTES_MAX] and [#EXTENTS_MAX]
  public static ComposedFile compose(FileOrigin origin, List<PartitionRun> runs) {
    Invariant.check(!runs.isEmpty(), "a file without batches");
    Invariant.check(runs.size() <= EXTENTS_MAX, "a file of %d partitions", runs.size());
    List<PartitionRun> sorted = new ArrayList<>(runs);
    sorted.sort(Comparator.comparing(PartitionRun::partition));
    ByteBuffer header = ByteBuffer.wrap(FileFormat.header(FileFormat.KIND_INGEST, origin));
    List<ByteBuffer> slices = new ArrayList<>();
    slices.add(header);
    List<FileExtent> extents = new ArrayList<>(sorted.size());
    long position = HEADER_BYTES;
    int crc = Crc32c.of(header);
    for (PartitionRun run : sorted) {
      FileExtent extent = append(run, position, slices);
      extents.add(extent);
      position += extent.length();
      crc = Crc32c.combine(crc, extent.crc32c(), extent.length());
    }
    checkEachPartitionOnce(extents);
    ByteBuffer footer = footer(header, extents);
    long length = position + footer.remaining();
    Invariant.check(length <= FILE_BYTES_MAX, "a file of %d bytes", length);
    slices.add(footer);
    crc = Crc32c.combine(crc, Crc32c.of(footer), footer.remaining());
    return new ComposedFile(ObjectBody.of(slices, crc), new FileIndex(List.copyOf(extents)));
  }

  private static FileExtent append(PartitionRun run, long position, List<ByteBuffer> slices) {
    long length = 0;
    long records = 0;
    long maxTimestampMs = -1;
    int crc = 0;
    for (StoredBatch batch : run.batches()) {
      ByteBuffer bytes = batch.bytes().slice();
      checkBatch(batch, bytes);
      slices.add(bytes);
      length += bytes.remaining();
      records += batch.records();
      maxTimestampMs = Math.max(maxTimestampMs, batch.maxTimestampMs());
      crc = Crc32c.combine(crc, batchCrc(bytes), bytes.remaining());
    }
    Invariant.check(length <= FILE_BYTES_MAX, "a run of %d bytes", length);
    Invariant.check(records <= Integer.MAX_VALUE, "a run of %d records", records);
    return new FileExtent(
        run.partition(),
        position,
        (int) length,
        run.batches().size(),
        (int) records,
        run.batches().getFirst().firstTimestampMs(),
        maxTimestampMs,
        crc);
  }

  private static int batchCrc(ByteBuffer bytes) {
    int head = Crc32c.of(bytes.slice(0, BatchHead.ATTRIBUTES));
    int rest = bytes.getInt(BatchHead.CRC);
    return Crc32c.combine(head, rest, bytes.remaining() - BatchHead.ATTRIBUTES);
  }

  private static void checkBatch(StoredBatch batch, ByteBuffer bytes) {
    int length = bytes.remaining();
    Invariant.check(length >= BatchHead.BYTES, "a batch of %d bytes", length);
    Invariant.check(bytes.get(BatchHead.MAGIC) == BatchHead.MAGIC_V2, "a batch not of format v2");
    Invariant.check(
        BatchHead.sizeInBytes(bytes, 0) == length, "a batch that is not %d bytes long", length);
    Invariant.check(batch.records() > 0, "a batch of %d records", batch.records());
  }

  private static void checkEachPartitionOnce(List<FileExtent> extents) {
    for (int i = 1; i < extents.size(); i++) {
      PartitionId partition = extents.get(i).partition();
      if (partition.equals(extents.get(i - 1).partition())) {
        throw new IllegalStateException("two runs of partition " + partition);
      }
    }
  }

  private static ByteBuffer footer(ByteBuffer header, List<FileExtent> extents) {
    byte version = FileFormat.VERSION;
    byte kind = FileFormat.KIND_INGEST;
    ByteBuffer footer = ByteBuffer.allocate(FileFormat.footerBytes(version, extents.size()));
    footer.put(header.duplicate());
    for (FileExtent extent : extents) {
      PartitionId partition = extent.partition();
      footer.putLong(partition.topic().high()).putLong(partition.topic().low());
      footer.putInt(partition.partition());
      footer.putLong(extent.position()).putInt(extent.length());
      footer.putInt(extent.batches()).putInt(extent.records());
      footer.putLong(extent.firstTimestampMs()).putLong(extent.maxTimestampMs());
      footer.putInt(extent.crc32c());
    }
    footer.putInt(extents.size());
    int crc = FileFormat.footerCrc(version, kind, footer.duplicate().flip());
    footer.putInt(crc).putInt(footer.capacity()).put(FileFormat.endMark(version, kind));
    return footer.flip();
  }
}
