package io.weft.protocol.record;

import io.weft.protocol.record.Verification.Accepted;
import io.weft.protocol.record.Verification.Reason;
import io.weft.protocol.record.Verification.Refused;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.apache.kafka.common.record.internal.CompressionType;

/// Checks the records a produce request has for one partition, where they lie. Thread-safe.
///
/// They must be exactly one batch of format v2, sound to the last byte: head, checksum, and every
/// record, those of compressed batches too. What follows the batch is left out, unless it begins
/// another batch. Nothing is thrown, whatever the bytes.
///
/// Two things are mended rather than refused, as Kafka does, at the price of a copy: a head whose
/// largest timestamp is not that of its records, and one that claims log append time, which is not
/// a client's to give. Both lie under the checksum: it is verified first and then made again.
public final class BatchVerifier {
  /// Bytes up to and including the magic, which all formats have in common.
  private static final int COMMON_HEAD_BYTES = BatchHeader.MAGIC + 1;

  /// The shortest `BatchLength` of any format (v0: checksum, magic, attributes, two lengths).
  private static final int LENGTH_MIN = 14;

  /// Says that a base timestamp is the time at which tombstones may go: for a log's cleaner to set.
  private static final int DELETE_HORIZON_BIT = 0x40;

  private static final long NO_PRODUCER = -1;

  private BatchVerifier() {}

  /// @param records from its position to its limit; neither moves
  public static Verification verify(ByteBuffer records, BatchRules rules) {
    ByteBuffer buffer = records.slice();
    try {
      ByteBuffer batch = frame(buffer);
      checkHead(batch, rules);
      return new Accepted(checkRecords(batch, rules));
    } catch (MalformedRecordsException e) {
      return new Refused(e.reason(), e.flaws(), e.getMessage());
    }
  }

  /// Whether the first batch says it is part of a transaction; false if there is no batch. Nothing
  /// is verified: for refusing a whole request early.
  public static boolean claimsTransaction(ByteBuffer records) {
    ByteBuffer buffer = records.slice();
    return buffer.remaining() >= BatchHeader.BYTES
        && buffer.get(BatchHeader.MAGIC) == BatchHeader.MAGIC_V2
        && (BatchHeader.attributes(buffer, 0) & BatchHeader.TRANSACTIONAL_BIT) != 0;
  }

  /// Finds the one batch.
  private static ByteBuffer frame(ByteBuffer buffer) throws MalformedRecordsException {
    int available = buffer.remaining();
    invalidUnless(available >= BatchHeader.LENGTH_OVERHEAD, "no record batch");
    long size = BatchHeader.sizeInBytes(buffer, 0);
    corruptUnless(size >= BatchHeader.LENGTH_OVERHEAD + LENGTH_MIN, "an impossible batch length");
    invalidUnless(available >= COMMON_HEAD_BYTES, "no whole record batch");
    byte magic = buffer.get(BatchHeader.MAGIC);
    corruptUnless(magic >= 0 && magic <= BatchHeader.MAGIC_V2, "an unknown magic");
    invalidUnless(size <= available, "no whole record batch");
    invalidUnless(magic == BatchHeader.MAGIC_V2, "a batch of an old format");
    corruptUnless(size >= BatchHeader.BYTES, "a batch shorter than its head");
    invalidUnless(!anotherBegins(buffer, (int) size), "more than one record batch");
    return buffer.slice(0, (int) size);
  }

  /// Bytes that are no batch may follow; a batch, whole or cut off, would be lost without a word.
  private static boolean anotherBegins(ByteBuffer buffer, int at) {
    if (buffer.limit() - at < COMMON_HEAD_BYTES) {
      return false;
    }
    byte magic = buffer.get(at + BatchHeader.MAGIC);
    return magic >= 0
        && magic <= BatchHeader.MAGIC_V2
        && BatchHeader.sizeInBytes(buffer, at) >= BatchHeader.LENGTH_OVERHEAD + LENGTH_MIN;
  }

  private static void checkHead(ByteBuffer batch, BatchRules rules)
      throws MalformedRecordsException {
    int size = batch.limit();
    invalidUnless(batch.getLong(BatchHeader.BASE_OFFSET) == 0, "a base offset that is not 0");
    if (size > rules.batchBytesMax()) {
      throw new MalformedRecordsException(
          Reason.TOO_LARGE,
          "a batch of %d bytes where %d are allowed".formatted(size, rules.batchBytesMax()));
    }
    corruptUnless(checksum(batch) == BatchHeader.crc(batch, 0), "the checksum does not match");

    int attributes = BatchHeader.attributes(batch, 0);
    invalidUnless((attributes & BatchHeader.CONTROL_BIT) == 0, "a control batch");
    invalidUnless((attributes & DELETE_HORIZON_BIT) == 0, "a delete horizon");
    int codec = attributes & BatchHeader.CODEC_MASK;
    require(
        codec <= CompressionType.ZSTD.id
            && (rules.zstdAllowed() || codec != CompressionType.ZSTD.id),
        Reason.UNSUPPORTED_COMPRESSION,
        "a codec that is unknown, or not known to this version of the request");

    int count = batch.getInt(BatchHeader.RECORD_COUNT);
    invalidUnless(
        count > 0 && count - 1 == BatchHeader.lastOffsetDelta(batch, 0),
        "a record count below 1, or one that does not match its offsets");
    boolean idempotent = batch.getLong(BatchHeader.PRODUCER_ID) > NO_PRODUCER;
    invalidUnless(
        !idempotent
            || (batch.getShort(BatchHeader.PRODUCER_EPOCH) >= 0
                && batch.getInt(BatchHeader.BASE_SEQUENCE) >= 0),
        "a producer id without epoch or sequence");
    invalidUnless(
        idempotent || (attributes & BatchHeader.TRANSACTIONAL_BIT) == 0,
        "a transactional batch without a producer id");
  }

  private static VerifiedBatch checkRecords(ByteBuffer batch, BatchRules rules)
      throws MalformedRecordsException {
    int attributes = BatchHeader.attributes(batch, 0);
    CompressionType codec = CompressionType.forId(attributes & BatchHeader.CODEC_MASK);
    ByteBuffer records = batch.slice(BatchHeader.BYTES, batch.limit() - BatchHeader.BYTES);
    RecordWalk walk =
        switch (codec) {
          case NONE -> walk(RecordBytes.of(records), batch, rules, Long.MAX_VALUE);
          case GZIP, SNAPPY, LZ4, ZSTD -> decompress(codec, records, batch, rules);
        };

    boolean mended =
        (attributes & BatchHeader.LOG_APPEND_TIME_BIT) != 0
            || batch.getLong(BatchHeader.MAX_TIMESTAMP) != walk.maxTimestampMs();
    long producerId = Math.max(batch.getLong(BatchHeader.PRODUCER_ID), NO_PRODUCER);
    boolean idempotent = producerId != NO_PRODUCER;
    ByteBuffer stored = mended ? mend(batch, walk.maxTimestampMs()) : batch;
    return new VerifiedBatch(
        stored,
        batch.getInt(BatchHeader.RECORD_COUNT),
        walk.firstTimestampMs(),
        walk.maxTimestampMs(),
        producerId,
        idempotent ? batch.getShort(BatchHeader.PRODUCER_EPOCH) : -1,
        idempotent ? batch.getInt(BatchHeader.BASE_SEQUENCE) : -1,
        (attributes & BatchHeader.TRANSACTIONAL_BIT) != 0,
        BatchHeader.crc(stored, 0));
  }

  private static RecordWalk decompress(
      CompressionType codec, ByteBuffer records, ByteBuffer batch, BatchRules rules)
      throws MalformedRecordsException {
    try (InputStream stream = Decompression.open(codec, records)) {
      return walk(
          RecordBytes.of(stream, rules.decompressedBytesMax()),
          batch,
          rules,
          rules.recordBytesMax());
    } catch (IOException | RuntimeException e) {
      // Every codec has its own way to say that its input is no good, some of them unchecked.
      throw MalformedRecordsException.invalid("the records cannot be decompressed");
    }
  }

  private static RecordWalk walk(
      RecordBytes bytes, ByteBuffer batch, BatchRules rules, long recordBytesMax)
      throws MalformedRecordsException {
    RecordWalk walk =
        new RecordWalk(bytes, rules, batch.getLong(BatchHeader.BASE_TIMESTAMP), recordBytesMax);
    walk.run(batch.getInt(BatchHeader.RECORD_COUNT));
    return walk;
  }

  private static ByteBuffer mend(ByteBuffer batch, long maxTimestampMs) {
    byte[] copy = new byte[batch.limit()];
    batch.get(0, copy);
    ByteBuffer mended = ByteBuffer.wrap(copy);
    int attributes = BatchHeader.attributes(mended, 0) & ~BatchHeader.LOG_APPEND_TIME_BIT;
    mended.putShort(BatchHeader.ATTRIBUTES, (short) attributes);
    mended.putLong(BatchHeader.MAX_TIMESTAMP, maxTimestampMs);
    mended.putInt(BatchHeader.CRC, checksum(mended));
    return mended;
  }

  private static int checksum(ByteBuffer batch) {
    CRC32C crc = new CRC32C();
    crc.update(batch.slice(BatchHeader.ATTRIBUTES, batch.limit() - BatchHeader.ATTRIBUTES));
    return (int) crc.getValue();
  }

  private static void invalidUnless(boolean condition, String otherwise)
      throws MalformedRecordsException {
    require(condition, Reason.INVALID, otherwise);
  }

  private static void corruptUnless(boolean condition, String otherwise)
      throws MalformedRecordsException {
    require(condition, Reason.CORRUPT, otherwise);
  }

  private static void require(boolean condition, Reason reason, String otherwise)
      throws MalformedRecordsException {
    if (!condition) {
      throw new MalformedRecordsException(reason, otherwise);
    }
  }
}
