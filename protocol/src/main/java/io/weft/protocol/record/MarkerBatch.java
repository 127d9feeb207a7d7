package io.weft.protocol.record;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/// The control batch that tells readers of the end of a transaction (KIP-98), byte for byte as a
/// Kafka broker writes it.
///
/// ```
/// batch  = head of a v2 batch (see BatchHeader): transactional and control, no sequence, 1 record
///          record
/// record = length:varint 0 0 0 keyLength:varint key valueLength:varint value 0
/// key    = 0:int16 type:int16                         type 0: aborted, 1: committed
/// value  = 0:int16 coordinatorEpoch:int32
/// ```
public final class MarkerBatch {
  private static final byte[] RECORD_TO_TYPE = {0x20, 0, 0, 0, 0x08, 0, 0};
  private static final byte[] RECORD_AFTER_TYPE = {0x0c, 0, 0, 0, 0, 0, 0, 0};
  private static final short ABORTED = 0;
  private static final short COMMITTED = 1;
  private static final int NO_SEQUENCE = -1;

  public static final int BYTES =
      BatchHeader.BYTES + RECORD_TO_TYPE.length + Short.BYTES + RECORD_AFTER_TYPE.length;

  private MarkerBatch() {}

  static ByteBuffer of(
      long offset, long producerId, short producerEpoch, boolean committed, long timeMs) {
    ByteBuffer batch = ByteBuffer.allocate(BYTES);
    batch
        .putLong(offset)
        .putInt(BYTES - BatchHeader.LENGTH_OVERHEAD)
        .putInt(StampedRecords.LEADER_EPOCH)
        .put(BatchHeader.MAGIC_V2)
        .putInt(0) // the CRC, once the rest is there
        .putShort((short) (BatchHeader.TRANSACTIONAL_BIT | BatchHeader.CONTROL_BIT))
        .putInt(0)
        .putLong(timeMs)
        .putLong(timeMs)
        .putLong(producerId)
        .putShort(producerEpoch)
        .putInt(NO_SEQUENCE)
        .putInt(1)
        .put(RECORD_TO_TYPE)
        .putShort(committed ? COMMITTED : ABORTED)
        .put(RECORD_AFTER_TYPE)
        .flip();
    CRC32C crc = new CRC32C();
    crc.update(batch.duplicate().position(BatchHeader.ATTRIBUTES));
    return batch.putInt(BatchHeader.CRC, (int) crc.getValue());
  }
}
