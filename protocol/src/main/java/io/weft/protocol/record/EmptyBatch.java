package io.weft.protocol.record;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/// A batch without records, as Kafka's log cleaner leaves one: it carries a reader beyond an offset
/// whose record was removed, where there is no other batch to do so.
public final class EmptyBatch {
  public static final int BYTES = BatchHeader.BYTES;

  private static final int NONE = -1;

  private EmptyBatch() {}

  static ByteBuffer of(long offset) {
    ByteBuffer batch = ByteBuffer.allocate(BYTES);
    batch
        .putLong(offset)
        .putInt(BYTES - BatchHeader.LENGTH_OVERHEAD)
        .putInt(StampedRecords.LEADER_EPOCH)
        .put(BatchHeader.MAGIC_V2)
        .putInt(0) // the CRC, once the rest is there
        .putShort((short) 0)
        .putInt(0)
        .putLong(NONE)
        .putLong(NONE)
        .putLong(NONE)
        .putShort((short) NONE)
        .putInt(NONE)
        .putInt(0)
        .flip();
    CRC32C crc = new CRC32C();
    crc.update(batch.duplicate().position(BatchHeader.ATTRIBUTES));
    return batch.putInt(BatchHeader.CRC, (int) crc.getValue());
  }
}
