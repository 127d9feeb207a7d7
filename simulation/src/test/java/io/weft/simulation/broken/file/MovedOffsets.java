package io.weft.simulation.broken.file;

import io.weft.controlplane.api.ControlPlane;
import io.weft.controlplane.api.Sequencer;
import io.weft.controlplane.api.file.Compactions;
import io.weft.model.AgentId;
import io.weft.model.Extent;
import io.weft.simulated.SimulatedProcess;
import io.weft.simulation.broken.Altered;
import io.weft.simulation.cluster.Build;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Merged files say of batches that they begin one offset later than they do. Unless it is said
/// otherwise, the control plane is not told enough to refuse it.
public final class MovedOffsets implements Build {
  private final Optional<Consumer<String>> refused;

  public MovedOffsets() {
    refused = Optional.empty();
  }

  /// One whose control plane checks.
  ///
  /// @param refused told why a swap was refused
  public MovedOffsets(Consumer<String> refused) {
    this.refused = Optional.of(refused);
  }

  @Override
  public ControlPlane controlPlane(ControlPlane real, SimulatedProcess agent) {
    Compactions compactions = real.as(Compactions.class);
    Altered altered = Altered.of(real);
    return refused.isEmpty()
        ? altered
            .with(Compactions.class, new Moving(compactions))
            .with(Sequencer.class, new Untold(real.as(Sequencer.class)))
        : altered.with(Compactions.class, new Moving(new HeardSwaps(compactions, refused.get())));
  }

  private record Moving(Compactions real) implements Compactions {
    @Override
    public Assignment next(AgentId agent, long bytesMax) {
      return real.next(agent, bytesMax);
    }

    @Override
    public SwapOutcome swap(AgentId agent, Swap swap) {
      List<SwappedRun> runs = swap.runs().stream().map(Moving::moved).toList();
      return real.swap(agent, new Swap(swap.job(), swap.fileId(), swap.fileBytes(), runs));
    }

    @Override
    public void giveUp(AgentId agent, long job, List<Long> unreadable) {
      real.giveUp(agent, job, unreadable);
    }

    /// The first two extents stay two, and the border between them moves.
    private static SwappedRun moved(SwappedRun run) {
      if (run.before().size() < 2) {
        return run;
      }
      Extent one = run.before().get(0);
      Extent two = run.before().get(1);
      Extent merged = run.after().getFirst();
      int length = one.length() + two.length();
      if (two.lastOffset() == two.baseOffset() || merged.length() != length) {
        return run;
      }
      long border = one.lastOffset() + 1;
      long mostMs = Math.max(one.maxTimestampMs(), two.maxTimestampMs());
      List<Extent> after = new ArrayList<>(run.after());
      after.set(0, extent(merged, 0, one.length(), one.baseOffset(), border, mostMs));
      after.add(
          1,
          extent(
              merged,
              one.length(),
              two.length(),
              border + 1,
              two.lastOffset(),
              two.maxTimestampMs()));
      // Another offset makes another number of a batch, whichever.
      List<Long> sums = new ArrayList<>(run.sums());
      sums.add(1, border);
      return new SwappedRun(run.partition(), run.before(), after, sums, run.removed());
    }

    private static Extent extent(
        Extent of, int skip, int length, long first, long last, long mostMs) {
      return new Extent(
          of.fileId(),
          of.position() + skip,
          length,
          first,
          last,
          mostMs,
          of.logAppendTimeMs(),
          of.offsets());
    }
  }
}
