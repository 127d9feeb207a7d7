package io.weft.simulation.broken.file;

import io.weft.agent.cache.Chunks;
import io.weft.simulation.cluster.Build;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/// What comes from the store is believed: each batch is given the checksum that its bytes have.
public final class NoChecksums implements Build {
  private static final int CRC_POSITION = 17;
  private static final int CRC_BEGIN = 21;

  @Override
  public Chunks chunks(Chunks real) {
    return new AlteredChunks(real, _ -> NoChecksums::launder);
  }

  private static void launder(ByteBuffer bytes, int at, int size) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.slice(at + CRC_BEGIN, size - CRC_BEGIN));
    bytes.putInt(at + CRC_POSITION, (int) crc.getValue());
  }
}
