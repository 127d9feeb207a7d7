package io.weft.simulation.broken;

import io.weft.agent.cache.ChunkSlice;
import io.weft.agent.cache.Chunks;
import io.weft.agent.cache.ReadPurpose;
import io.weft.protocol.record.GatheredBytes;
import io.weft.simulation.cluster.Build;
import io.weft.storage.file.FilePlace;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/// What comes from the store is believed: each batch is given the checksum that its bytes have.
public final class NoChecksums implements Build {
  private static final int LENGTH_POSITION = 8;
  private static final int BATCH_OVERHEAD = 12;
  private static final int CRC_POSITION = 17;
  private static final int CRC_BEGIN = 21;
  private static final int BATCH_BYTES_MIN = 61;

  @Override
  public Chunks chunks(Chunks real) {
    return new Believed(real);
  }

  private record Believed(Chunks real) implements Chunks {
    @Override
    public List<ChunkSlice> read(FilePlace place, long position, int length, ReadPurpose purpose) {
      List<ChunkSlice> slices = real.read(place, position, length, purpose);
      ByteBuffer bytes = ByteBuffer.allocate(length);
      slices.forEach(
          slice -> slice.bytes().parts(0, slice.bytes().length()).forEach(part -> bytes.put(part)));
      launder(bytes.flip());
      List<ChunkSlice> laundered = new ArrayList<>();
      int at = 0;
      for (ChunkSlice slice : slices) {
        int size = slice.bytes().length();
        laundered.add(
            new ChunkSlice(
                slice.chunk(),
                slice.from(),
                GatheredBytes.of(bytes.slice(at, size)),
                slice.lease()));
        at += size;
      }
      return laundered;
    }

    @Override
    public boolean holds(FilePlace place, long position, int length) {
      return real.holds(place, position, length);
    }

    @Override
    public void drop(List<ChunkSlice> damaged) {
      real.drop(damaged);
    }

    private static void launder(ByteBuffer bytes) {
      int at = 0;
      while (at + BATCH_BYTES_MIN <= bytes.limit()) {
        int size = bytes.getInt(at + LENGTH_POSITION) + BATCH_OVERHEAD;
        if (size < BATCH_BYTES_MIN || size > bytes.limit() - at) {
          return;
        }
        CRC32C crc = new CRC32C();
        crc.update(bytes.slice(at + CRC_BEGIN, size - CRC_BEGIN));
        bytes.putInt(at + CRC_POSITION, (int) crc.getValue());
        at += size;
      }
    }
  }
}
