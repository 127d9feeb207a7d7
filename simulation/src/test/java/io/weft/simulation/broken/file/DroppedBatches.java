package io.weft.simulation.broken.file;

import io.weft.agent.cache.Chunks;
import io.weft.agent.cache.ReadPurpose;
import io.weft.simulation.cluster.Build;
import java.util.HashMap;
import java.util.Map;

/// What is merged takes one batch twice, and leaves another one out that is as long and has as many
/// records.
public final class DroppedBatches implements Build {
  private static final int LAST_OFFSET_DELTA_POSITION = 23;

  @Override
  public Chunks chunks(Chunks real) {
    return new AlteredChunks(real, DroppedBatches::dropping);
  }

  private static AlteredChunks.Alteration dropping(ReadPurpose purpose) {
    if (purpose != ReadPurpose.JOB) {
      return AlteredChunks.Alteration.NONE;
    }
    Map<Long, Integer> seen = new HashMap<>();
    return (bytes, at, size) -> {
      long look = (long) size << 32 | bytes.getInt(at + LAST_OFFSET_DELTA_POSITION);
      Integer same = seen.putIfAbsent(look, at);
      if (same != null) {
        bytes.put(at, bytes.slice(same, size), 0, size);
      }
    };
  }
}
