package io.weft.simulation.broken.file;

import io.weft.agent.cache.Chunks;
import io.weft.agent.cache.ReadPurpose;
import io.weft.controlplane.api.ControlPlane;
import io.weft.controlplane.api.Sequencer;
import io.weft.controlplane.api.file.Compactions;
import io.weft.simulated.SimulatedProcess;
import io.weft.simulation.broken.Altered;
import io.weft.simulation.cluster.Build;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// What is merged takes one batch twice, and leaves another one out that is as long and has as many
/// records. Unless it is said otherwise, the control plane is not told enough to refuse it.
public final class DroppedBatches implements Build {
  private static final int LAST_OFFSET_DELTA_POSITION = 23;

  private final Optional<Consumer<String>> refused;

  public DroppedBatches() {
    refused = Optional.empty();
  }

  /// One whose control plane checks.
  ///
  /// @param refused told why a swap was refused
  public DroppedBatches(Consumer<String> refused) {
    this.refused = Optional.of(refused);
  }

  @Override
  public ControlPlane controlPlane(ControlPlane real, SimulatedProcess agent) {
    Altered altered = Altered.of(real);
    return refused.isEmpty()
        ? altered.with(Sequencer.class, new Untold(real.as(Sequencer.class)))
        : altered.with(
            Compactions.class, new HeardSwaps(real.as(Compactions.class), refused.get()));
  }

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
