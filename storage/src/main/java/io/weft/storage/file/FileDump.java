package io.weft.storage.file;

import io.weft.storage.object.ObjectKey;
import io.weft.storage.object.ObjectStore;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.util.List;

/// A file printed for a person: its footer's extents and the head of every batch, each with the
/// word of its checksum. One thread.
///
/// Damage inside an extent is printed and the next extent read; a damaged footer ends it.
public final class FileDump {
  private static final List<String> CODECS = List.of("none", "gzip", "snappy", "lz4", "zstd");

  private final ObjectStore store;
  private final ObjectKey key;
  private final PrintWriter out;

  private FileDump(ObjectStore store, ObjectKey key, PrintWriter out) {
    this.store = store;
    this.key = key;
    this.out = out;
  }

  /// @throws CorruptFileException if there is no footer to go by
  public static void print(ObjectStore store, ObjectKey key, PrintWriter out) {
    new FileDump(store, key, out).print();
  }

  private void print() {
    FileFooter footer = FileReader.readFooter(store, key);
    FileIndex index = footer.index();
    out.printf("%s: ingest file, format version %d%n", key, footer.version());
    footer.origin().ifPresent(this::printOrigin);
    try {
      FileReader.verifyHeader(key, footer, read(0, FileFormat.HEADER_BYTES));
    } catch (CorruptFileException e) {
      out.println("  NOT a good header: " + e.getMessage());
    }
    long batches = 0;
    long records = 0;
    for (FileExtent extent : index.extents()) {
      printExtent(extent);
      batches += extent.batches();
      records += extent.records();
    }
    out.printf("%d partitions, %d batches, %d records%n", index.extents().size(), batches, records);
  }

  private void printOrigin(FileOrigin origin) {
    out.printf(
        "cluster %s, file id %d, nonce %016x%n",
        origin.clusterId(), origin.fileId(), origin.nonce());
    FileLayout.fileId(key)
        .ifPresent(
            named -> {
              if (named != origin.fileId()) {
                out.printf("  NOT the id of its key, which is %d%n", named);
              }
            });
  }

  private void printExtent(FileExtent extent) {
    out.printf(
        "partition %s at %d: %d bytes, %d batches, %d records, timestamps %d..%d",
        extent.partition(),
        extent.position(),
        extent.length(),
        extent.batches(),
        extent.records(),
        extent.firstTimestampMs(),
        extent.maxTimestampMs());
    ByteBuffer bytes = read(extent.position(), extent.length());
    out.println(", crc " + checked(extent.crc32c(), Crc32c.of(bytes)));
    int at = 0;
    int batches = 0;
    while (at < bytes.limit()) {
      long size = bytes.limit() - at < BatchHead.BYTES ? -1 : BatchHead.sizeInBytes(bytes, at);
      if (size < BatchHead.BYTES || size > bytes.limit() - at) {
        out.printf("  at %d: NOT a batch, the rest is left out%n", extent.position() + at);
        return;
      }
      printBatch(extent.position() + at, bytes.slice(at, (int) size));
      at += (int) size;
      batches++;
    }
    if (batches != extent.batches()) {
      out.printf("  NOT %d batches but %d%n", extent.batches(), batches);
    }
  }

  private void printBatch(long position, ByteBuffer batch) {
    int attributes = batch.getShort(BatchHead.ATTRIBUTES);
    int codec = attributes & BatchHead.CODEC_MASK;
    out.printf(
        "  batch at %d: %d bytes, magic %d, %s, %d records, %d offsets, timestamps %d..%d",
        position,
        batch.limit(),
        batch.get(BatchHead.MAGIC),
        codec < CODECS.size() ? CODECS.get(codec) : "codec " + codec,
        batch.getInt(BatchHead.RECORD_COUNT),
        batch.getInt(BatchHead.LAST_OFFSET_DELTA) + 1L,
        batch.getLong(BatchHead.BASE_TIMESTAMP),
        batch.getLong(BatchHead.MAX_TIMESTAMP));
    long producer = batch.getLong(BatchHead.PRODUCER_ID);
    if (producer >= 0) {
      out.printf(
          ", producer %d epoch %d sequence %d",
          producer,
          batch.getShort(BatchHead.PRODUCER_EPOCH),
          batch.getInt(BatchHead.BASE_SEQUENCE));
    }
    out.print((attributes & BatchHead.LOG_APPEND_TIME_BIT) != 0 ? ", log append time" : "");
    out.print((attributes & BatchHead.TRANSACTIONAL_BIT) != 0 ? ", transactional" : "");
    out.print((attributes & BatchHead.CONTROL_BIT) != 0 ? ", control" : "");
    int covered = batch.limit() - BatchHead.ATTRIBUTES;
    int crc = Crc32c.of(batch.slice(BatchHead.ATTRIBUTES, covered));
    out.println(", crc " + checked(batch.getInt(BatchHead.CRC), crc));
  }

  private static String checked(int stored, int computed) {
    return stored == computed
        ? "%08x ok".formatted(stored)
        : "%08x NOT ok, the bytes give %08x".formatted(stored, computed);
  }

  /// The reader has checked that the range lies in the file and under the limit of its length.
  private ByteBuffer read(long position, int length) {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    store.read(key, position, bytes);
    return bytes.clear();
  }
}
