package io.weft.protocol.record;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.zip.CRC32C;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.utils.internals.ByteBufferOutputStream;

/// Builds a record batch byte by byte, right or wrong as a test wants it. Not thread-safe.
public final class RawBatch {
  public static final long TIMESTAMP_MS = 1_700_000_000_000L;

  private final List<RawRecord> records = new ArrayList<>();
  private long baseOffset;
  private byte magic = BatchHeader.MAGIC_V2;
  private int attributes;
  private CompressionType codec = CompressionType.NONE;
  private long baseTimestampMs = TIMESTAMP_MS;
  private OptionalLong maxTimestampMs = OptionalLong.empty();
  private long producerId = -1;
  private short producerEpoch = -1;
  private int baseSequence = -1;
  private OptionalInt count = OptionalInt.empty();
  private OptionalInt lastOffsetDelta = OptionalInt.empty();
  private OptionalInt length = OptionalInt.empty();
  private byte[] payload = {};
  private boolean payloadGiven;

  /// A sound batch of one record per value, a millisecond apart, with keys `k0`, `k1` and so on.
  public static RawBatch of(String... values) {
    RawBatch batch = new RawBatch();
    for (String value : values) {
      int index = batch.records.size();
      batch.record(new RawRecord(index, index).key("k" + index).value(value));
    }
    return batch;
  }

  public RawBatch record(RawRecord record) {
    records.add(record);
    return this;
  }

  public RawBatch baseOffset(long value) {
    baseOffset = value;
    return this;
  }

  public RawBatch magic(int value) {
    magic = (byte) value;
    return this;
  }

  /// Added to the codec's bits.
  public RawBatch attributes(int value) {
    attributes = value;
    return this;
  }

  public RawBatch codec(CompressionType value) {
    codec = value;
    return this;
  }

  public RawBatch baseTimestampMs(long value) {
    baseTimestampMs = value;
    return this;
  }

  public RawBatch maxTimestampMs(long value) {
    maxTimestampMs = OptionalLong.of(value);
    return this;
  }

  public RawBatch producer(long id, int epoch, int sequence) {
    producerId = id;
    producerEpoch = (short) epoch;
    baseSequence = sequence;
    return this;
  }

  /// What the head says, whatever there is.
  public RawBatch count(int value) {
    count = OptionalInt.of(value);
    return this;
  }

  /// What the head says, whatever there is.
  public RawBatch lastOffsetDelta(int value) {
    lastOffsetDelta = OptionalInt.of(value);
    return this;
  }

  /// What the head says, whatever there is.
  public RawBatch length(int value) {
    length = OptionalInt.of(value);
    return this;
  }

  /// These bytes instead of the (compressed) records.
  public RawBatch payload(byte[] bytes) {
    payload = bytes;
    payloadGiven = true;
    return this;
  }

  public ByteBuffer build() {
    byte[] body = payloadGiven ? payload : compressed();
    ByteBuffer batch = ByteBuffer.allocate(BatchHeader.BYTES + body.length);
    batch.putLong(BatchHeader.BASE_OFFSET, baseOffset);
    batch.putInt(BatchHeader.LENGTH, length.orElse(batch.capacity() - BatchHeader.LENGTH_OVERHEAD));
    batch.putInt(BatchHeader.LEADER_EPOCH, -1);
    batch.put(BatchHeader.MAGIC, magic);
    batch.putShort(BatchHeader.ATTRIBUTES, (short) (attributes | codec.id));
    batch.putInt(BatchHeader.LAST_OFFSET_DELTA, lastOffsetDelta.orElse(records.size() - 1));
    batch.putLong(BatchHeader.BASE_TIMESTAMP, baseTimestampMs);
    batch.putLong(BatchHeader.MAX_TIMESTAMP, maxTimestampMs.orElse(largestTimestampMs()));
    batch.putLong(BatchHeader.PRODUCER_ID, producerId);
    batch.putShort(BatchHeader.PRODUCER_EPOCH, producerEpoch);
    batch.putInt(BatchHeader.BASE_SEQUENCE, baseSequence);
    batch.putInt(BatchHeader.RECORD_COUNT, count.orElse(records.size()));
    batch.put(BatchHeader.BYTES, body);
    return seal(batch);
  }

  /// Makes the checksum right for whatever the bytes are now.
  public static ByteBuffer seal(ByteBuffer batch) {
    CRC32C crc = new CRC32C();
    crc.update(batch.slice(BatchHeader.ATTRIBUTES, batch.limit() - BatchHeader.ATTRIBUTES));
    return batch.putInt(BatchHeader.CRC, (int) crc.getValue());
  }

  private long largestTimestampMs() {
    long largest = -1;
    for (RawRecord record : records) {
      largest = Math.max(largest, baseTimestampMs + record.timestampDelta());
    }
    return largest;
  }

  private byte[] compressed() {
    ByteBufferOutputStream target = new ByteBufferOutputStream(512);
    try (OutputStream stream =
        Compression.of(codec).build().wrapForOutput(target, BatchHeader.MAGIC_V2)) {
      for (RawRecord record : records) {
        stream.write(record.bytes());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    ByteBuffer written = target.buffer().flip();
    byte[] bytes = new byte[written.remaining()];
    written.get(bytes);
    return bytes;
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
