package io.weft.storage.file;

import java.nio.ByteBuffer;

/// Where the few fields lie that this package reads of a Kafka record batch v2 (KIP-98; the whole
/// head is described in Kafka's "Message format" documentation). Indexes count from the batch's
/// first byte in a big-endian buffer.
final class BatchHead {
  static final int LENGTH = 8;
  static final int MAGIC = 16;
  static final int CRC = 17;

  /// Where the bytes begin that the batch's own CRC-32C covers.
  static final int ATTRIBUTES = 21;

  static final int LAST_OFFSET_DELTA = 23;
  static final int BASE_TIMESTAMP = 27;
  static final int MAX_TIMESTAMP = 35;
  static final int PRODUCER_ID = 43;
  static final int PRODUCER_EPOCH = 51;
  static final int BASE_SEQUENCE = 53;
  static final int RECORD_COUNT = 57;
  static final int BYTES = 61;

  /// Bytes before those that the length field counts.
  static final int LENGTH_OVERHEAD = 12;

  static final byte MAGIC_V2 = 2;
  static final int CODEC_MASK = 0x07;
  static final int LOG_APPEND_TIME_BIT = 0x08;
  static final int TRANSACTIONAL_BIT = 0x10;
  static final int CONTROL_BIT = 0x20;

  private BatchHead() {}

  /// Bytes of the whole batch as its head says; not checked against anything.
  static long sizeInBytes(ByteBuffer buffer, int at) {
    return (long) buffer.getInt(at + LENGTH) + LENGTH_OVERHEAD;
  }
}
