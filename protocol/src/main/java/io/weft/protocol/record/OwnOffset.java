package io.weft.protocol.record;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/// How a stored batch carries its own offset: as Kafka's format has it, in `BaseOffset`. That lies
/// outside of the batch's CRC, and a wrong offset must not be taken for a right one: so in the
/// place of `PartitionLeaderEpoch`, which means nothing in a file, stands the CRC-32C of the 12
/// bytes before it. Stateless.
public final class OwnOffset {
  private OwnOffset() {}

  /// Writes it into the batch that begins at `at`.
  public static void stamp(ByteBuffer batch, int at, long offset) {
    batch.putLong(at + BatchHeader.BASE_OFFSET, offset);
    CRC32C crc = new CRC32C();
    crc.update(batch.slice(at, BatchHeader.LEADER_EPOCH));
    batch.putInt(at + BatchHeader.LEADER_EPOCH, (int) crc.getValue());
  }
}
