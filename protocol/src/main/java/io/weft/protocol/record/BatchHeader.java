package io.weft.protocol.record;

import java.nio.ByteBuffer;

/// The fixed head of a Kafka record batch, format v2 (KIP-98), read where it lies.
///
/// ```
/// Batch => BaseOffset:int64 BatchLength:int32 PartitionLeaderEpoch:int32 Magic:int8 Crc:uint32
///          Attributes:int16 LastOffsetDelta:int32 BaseTimestamp:int64 MaxTimestamp:int64
///          ProducerId:int64 ProducerEpoch:int16 BaseSequence:int32 RecordCount:int32 Record*
/// ```
///
/// `BatchLength` counts what follows it. The CRC-32C covers everything from `Attributes` on, so
/// base offset and leader epoch can be stamped at read time without touching it; timestamps and
/// attributes cannot. All methods take the index of the batch's first byte in a big-endian buffer.
public final class BatchHeader {
  public static final int BASE_OFFSET = 0;
  public static final int LENGTH = 8;
  public static final int LEADER_EPOCH = 12;
  public static final int MAGIC = 16;
  public static final int CRC = 17;
  public static final int ATTRIBUTES = 21;
  public static final int LAST_OFFSET_DELTA = 23;
  public static final int BASE_TIMESTAMP = 27;
  public static final int MAX_TIMESTAMP = 35;
  public static final int PRODUCER_ID = 43;
  public static final int PRODUCER_EPOCH = 51;
  public static final int BASE_SEQUENCE = 53;
  public static final int RECORD_COUNT = 57;

  /// Bytes of the head; the records follow.
  public static final int BYTES = 61;

  /// Bytes before those that `BatchLength` counts.
  public static final int LENGTH_OVERHEAD = 12;

  public static final byte MAGIC_V2 = 2;

  public static final int CODEC_MASK = 0x07;
  public static final int LOG_APPEND_TIME_BIT = 0x08;
  public static final int TRANSACTIONAL_BIT = 0x10;
  public static final int CONTROL_BIT = 0x20;
  public static final int DELETE_HORIZON_BIT = 0x40;

  private BatchHeader() {}

  /// Bytes of the whole batch as its head says, head included; not yet checked against anything.
  public static long sizeInBytes(ByteBuffer buffer, int at) {
    return (long) buffer.getInt(at + LENGTH) + LENGTH_OVERHEAD;
  }

  public static int crc(ByteBuffer buffer, int at) {
    return buffer.getInt(at + CRC);
  }

  public static short attributes(ByteBuffer buffer, int at) {
    return buffer.getShort(at + ATTRIBUTES);
  }

  public static int lastOffsetDelta(ByteBuffer buffer, int at) {
    return buffer.getInt(at + LAST_OFFSET_DELTA);
  }
}
