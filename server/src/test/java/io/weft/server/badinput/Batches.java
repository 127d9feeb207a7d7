package io.weft.server.badinput;

import io.weft.protocol.record.BatchHeader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;

/// Record batches, right ones and ones made wrong.
final class Batches {
  interface Change {
    void to(ByteBuffer batch);
  }

  private Batches() {}

  static ByteBuffer plain(int records) {
    return with(CompressionType.NONE, -1, (short) -1, -1, records);
  }

  static ByteBuffer idempotent(long producerId, int epoch, int sequence, int records) {
    return with(CompressionType.NONE, producerId, (short) epoch, sequence, records);
  }

  /// One record in a transaction.
  static ByteBuffer transactional(long producerId, int epoch, int sequence) {
    return changed(
        idempotent(producerId, epoch, sequence, 1),
        batch -> attributes(batch, BatchHeader.TRANSACTIONAL_BIT));
  }

  static ByteBuffer with(
      CompressionType codec, long producerId, short epoch, int sequence, int records) {
    SimpleRecord[] all = new SimpleRecord[records];
    for (int i = 0; i < records; i++) {
      all[i] =
          new SimpleRecord(
              System.currentTimeMillis(), bytes("key-" + i), bytes("value of record " + i));
    }
    return MemoryRecords.withRecords(
            RecordBatch.MAGIC_VALUE_V2,
            0L,
            Compression.of(codec).build(),
            org.apache.kafka.common.record.TimestampType.CREATE_TIME,
            producerId,
            epoch,
            sequence,
            0,
            false,
            all)
        .buffer()
        .duplicate();
  }

  /// One record without a key.
  static ByteBuffer withoutKey() {
    return MemoryRecords.withRecords(
            Compression.NONE, new SimpleRecord(System.currentTimeMillis(), null, bytes("v")))
        .buffer()
        .duplicate();
  }

  static ByteBuffer at(long timestampMs) {
    return MemoryRecords.withRecords(
            Compression.NONE, new SimpleRecord(timestampMs, bytes("k"), bytes("v")))
        .buffer()
        .duplicate();
  }

  /// A changed copy under a right CRC.
  static ByteBuffer changed(ByteBuffer batch, Change change) {
    ByteBuffer copy = ByteBuffer.allocate(batch.remaining()).put(batch.duplicate()).flip();
    change.to(copy);
    return sealed(copy);
  }

  /// A changed copy under the CRC it had.
  static ByteBuffer damaged(ByteBuffer batch, Change change) {
    ByteBuffer copy = ByteBuffer.allocate(batch.remaining()).put(batch.duplicate()).flip();
    change.to(copy);
    return copy;
  }

  static ByteBuffer sealed(ByteBuffer batch) {
    CRC32C crc = new CRC32C();
    crc.update(batch.duplicate().position(BatchHeader.ATTRIBUTES));
    return batch.putInt(BatchHeader.CRC, (int) crc.getValue());
  }

  static ByteBuffer joined(ByteBuffer first, ByteBuffer second) {
    return ByteBuffer.allocate(first.remaining() + second.remaining())
        .put(first.duplicate())
        .put(second.duplicate())
        .flip();
  }

  static void attributes(ByteBuffer batch, int bits) {
    batch.putShort(BatchHeader.ATTRIBUTES, (short) (batch.getShort(BatchHeader.ATTRIBUTES) | bits));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
