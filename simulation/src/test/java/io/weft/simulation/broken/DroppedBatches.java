package io.weft.simulation.broken;

import io.weft.agent.cache.ChunkSlice;
import io.weft.agent.cache.Chunks;
import io.weft.agent.cache.ReadPurpose;
import io.weft.protocol.record.GatheredBytes;
import io.weft.simulation.cluster.Build;
import io.weft.storage.file.FilePlace;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What is merged takes one batch twice, and leaves another one out that is as long and has as many
/// records.
public final class DroppedBatches implements Build {
  private static final int LENGTH_POSITION = 8;
  private static final int BATCH_OVERHEAD = 12;
  private static final int LAST_OFFSET_DELTA_POSITION = 23;
  private static final int BATCH_BYTES_MIN = 61;

  @Override
  public Chunks chunks(Chunks real) {
    return new Dropping(real);
  }

  private record Dropping(Chunks real) implements Chunks {
    @Override
    public List<ChunkSlice> read(FilePlace place, long position, int length, ReadPurpose purpose) {
      List<ChunkSlice> slices = real.read(place, position, length, purpose);
      if (purpose != ReadPurpose.JOB) {
        return slices;
      }
      ByteBuffer bytes = ByteBuffer.allocate(length);
      slices.forEach(
          slice -> slice.bytes().parts(0, slice.bytes().length()).forEach(part -> bytes.put(part)));
      drop(bytes.flip());
      List<ChunkSlice> altered = new ArrayList<>();
      int at = 0;
      for (ChunkSlice slice : slices) {
        int size = slice.bytes().length();
        altered.add(
            new ChunkSlice(
                slice.chunk(),
                slice.from(),
                GatheredBytes.of(bytes.slice(at, size)),
                slice.lease()));
        at += size;
      }
      return altered;
    }

    @Override
    public boolean holds(FilePlace place, long position, int length) {
      return real.holds(place, position, length);
    }

    @Override
    public void drop(List<ChunkSlice> damaged) {
      real.drop(damaged);
    }

    private static void drop(ByteBuffer bytes) {
      Map<Long, Integer> seen = new HashMap<>();
      int at = 0;
      while (at + BATCH_BYTES_MIN <= bytes.limit()) {
        int size = bytes.getInt(at + LENGTH_POSITION) + BATCH_OVERHEAD;
        if (size < BATCH_BYTES_MIN || size > bytes.limit() - at) {
          return;
        }
        long look = (long) size << 32 | bytes.getInt(at + LAST_OFFSET_DELTA_POSITION);
        Integer same = seen.putIfAbsent(look, at);
        if (same != null) {
          bytes.put(at, bytes.slice(same, size), 0, size);
        }
        at += size;
      }
    }
  }
}
