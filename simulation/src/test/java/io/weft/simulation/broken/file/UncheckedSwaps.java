package io.weft.simulation.broken.file;

import io.weft.controlplane.api.ControlPlane;
import io.weft.controlplane.api.ExtentIndex;
import io.weft.controlplane.api.ExtentIndex.ExtentQuery;
import io.weft.controlplane.api.ExtentIndex.ExtentsFound;
import io.weft.controlplane.api.Sequencer;
import io.weft.controlplane.api.file.Compactions;
import io.weft.model.AgentId;
import io.weft.model.Extent;
import io.weft.model.Span;
import io.weft.simulated.SimulatedProcess;
import io.weft.simulation.broken.Altered;
import io.weft.simulation.cluster.Build;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Two agents have the same files to merge, as when the first one's lease has run out; and a swap
/// does not check that its inputs are still there: where they are not, it replaces other extents of
/// the partition that are as long. The control plane is not told enough to refuse it.
public final class UncheckedSwaps implements Build {
  /// What one agent has got, and no other yet.
  private Optional<Given> given = Optional.empty();

  private record Given(AgentId agent, Compactions.Assignment.Job job) {}

  /// Files that were merged: by jobs that are done.
  private final Set<Long> done = new HashSet<>();

  @Override
  public ControlPlane controlPlane(ControlPlane real, SimulatedProcess agent) {
    return Altered.of(real)
        .with(Compactions.class, new Unchecked(real))
        .with(Sequencer.class, new Untold(real.as(Sequencer.class)));
  }

  private final class Unchecked implements Compactions {
    private final ControlPlane controlPlane;
    private final Compactions real;

    Unchecked(ControlPlane controlPlane) {
      this.controlPlane = controlPlane;
      this.real = controlPlane.as(Compactions.class);
    }

    @Override
    public Assignment next(AgentId agent, long bytesMax) {
      if (given.isPresent() && !given.get().agent().equals(agent)) {
        Assignment.Job same = given.get().job();
        given = Optional.empty();
        return same;
      }
      Assignment assignment = real.next(agent, bytesMax);
      if (assignment instanceof Assignment.Job job) {
        given = Optional.of(new Given(agent, job));
      }
      return assignment;
    }

    @Override
    public SwapOutcome swap(AgentId agent, Swap swap) {
      SwapOutcome outcome = real.swap(agent, swap);
      if (outcome instanceof SwapOutcome.Swapped) {
        done.add(swap.job());
        return outcome;
      }
      if (!done.contains(swap.job())) {
        return outcome;
      }
      List<SwappedRun> runs = new ArrayList<>();
      swap.runs().forEach(run -> unchecked(run).ifPresent(runs::add));
      return real.swap(agent, new Swap(swap.job(), swap.fileId(), swap.fileBytes(), runs));
    }

    @Override
    public void giveUp(AgentId agent, long job, List<Long> unreadable) {
      real.giveUp(agent, job, unreadable);
    }

    private Optional<SwappedRun> unchecked(SwappedRun run) {
      ExtentQuery query = new ExtentQuery(run.partition(), 0, Integer.MAX_VALUE);
      ExtentsFound found = controlPlane.as(ExtentIndex.class).find(List.of(query)).getFirst();
      return found instanceof ExtentsFound.Found(_, var spans, _) && run.after().size() == 1
          ? others(run, spans)
              .map(
                  there ->
                      new SwappedRun(
                          run.partition(), there, List.of(moved(run, there)), run.sums(), 0))
          : Optional.empty();
    }

    /// Extents in a row that are not those which were merged, and have as many bytes.
    private static Optional<List<Extent>> others(SwappedRun run, List<Span> spans) {
      Extent merged = run.after().getFirst();
      for (int from = 0; from < spans.size(); from++) {
        List<Extent> row = new ArrayList<>();
        int bytes = 0;
        for (int i = from; i < spans.size() && bytes < merged.length(); i++) {
          if (!(spans.get(i) instanceof Extent extent)) {
            break;
          }
          row.add(extent);
          bytes += extent.length();
        }
        if (bytes == merged.length() && row.getFirst().baseOffset() != merged.baseOffset()) {
          return Optional.of(row);
        }
      }
      return Optional.empty();
    }

    private static Extent moved(SwappedRun run, List<Extent> there) {
      Extent merged = run.after().getFirst();
      long mostMs = there.stream().mapToLong(Extent::maxTimestampMs).max().orElseThrow();
      return new Extent(
          merged.fileId(),
          merged.position(),
          merged.length(),
          there.getFirst().baseOffset(),
          there.getLast().lastOffset(),
          mostMs,
          merged.logAppendTimeMs(),
          merged.offsets());
    }
  }
}
