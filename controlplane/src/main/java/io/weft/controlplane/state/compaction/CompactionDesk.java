package io.weft.controlplane.state.compaction;

import io.weft.controlplane.api.file.Compactions;
import io.weft.controlplane.state.file.FileLeases;
import io.weft.controlplane.state.log.LogRecord.ExtentsReplaced;
import io.weft.controlplane.state.log.LogRecord.NewFile;
import io.weft.controlplane.state.log.LogRecord.ReplacedRun;
import io.weft.controlplane.state.log.PartitionLogs;
import io.weft.controlplane.state.log.ReplaceOutcome;
import io.weft.controlplane.state.part.StatePart;
import io.weft.model.AgentId;
import io.weft.model.Extent;
import io.weft.model.PartitionId;
import java.util.List;
import java.util.Optional;

/// Lets merged files take the place of those that were merged. Owned by one thread.
public final class CompactionDesk implements StatePart, Compactions {
  private final FileLeases leases;
  private final PartitionLogs logs;
  private CompactionPlanning planning = CompactionPlanning.NONE;

  public CompactionDesk(FileLeases leases, PartitionLogs logs) {
    this.leases = leases;
    this.logs = logs;
  }

  /// From here on this says what is to be merged.
  public void ledBy(CompactionPlanning leading) {
    planning = leading;
  }

  @Override
  public Assignment next(AgentId agent, long bytesMax) {
    return planning.next(agent, bytesMax);
  }

  @Override
  public void giveUp(AgentId agent, long job, List<Long> unreadable) {
    planning.givenUp(agent, job, unreadable);
  }

  @Override
  public SwapOutcome swap(AgentId agent, Swap swap) {
    SwapOutcome outcome = decide(agent, swap);
    planning.ended(swap.job(), outcome instanceof SwapOutcome.Swapped);
    return outcome;
  }

  private SwapOutcome decide(AgentId agent, Swap swap) {
    // What an agent declares settled concerns the files it commits; merging takes longer.
    if (!leases.isHeld(agent, swap.fileId())) {
      return new SwapOutcome.Refused(
          "file %d is not this agent's to use, or no longer".formatted(swap.fileId()));
    }
    if (logs.files().liveExtents(swap.fileId()) >= 0) {
      // The id is this agent's, and used once: this very swap was done, and its answer got lost.
      return new SwapOutcome.Swapped();
    }
    Optional<String> flaw = swap.runs().stream().flatMap(run -> flawOf(run).stream()).findFirst();
    if (flaw.isPresent()) {
      return new SwapOutcome.Refused(flaw.get());
    }
    List<ReplacedRun> runs =
        swap.runs().stream()
            .map(
                run ->
                    new ReplacedRun(
                        run.partition(), run.before(), run.after(), run.sums(), run.removed()))
            .toList();
    List<NewFile> files = List.of(new NewFile(swap.fileId(), swap.fileBytes()));
    return switch (logs.replace(new ExtentsReplaced(files, runs))) {
      case ReplaceOutcome.Replaced() -> new SwapOutcome.Swapped();
      case ReplaceOutcome.Refused(String why, var differing) -> {
        differing.ifPresent(it -> planning.sumsDiffered(it, inputs(swap, it)));
        yield new SwapOutcome.Refused(why);
      }
    };
  }

  private static List<Long> inputs(Swap swap, PartitionId partition) {
    return swap.runs().stream()
        .filter(run -> run.partition().equals(partition))
        .flatMap(run -> run.before().stream())
        .map(Extent::fileId)
        .distinct()
        .toList();
  }

  /// Merging moves batches as they are: no byte comes or goes.
  private static Optional<String> flawOf(SwappedRun run) {
    if (run.removed() != 0) {
      return Optional.of("%s: merging removes nothing".formatted(run.partition()));
    }
    long before = run.before().stream().mapToLong(Extent::length).sum();
    long after = run.after().stream().mapToLong(Extent::length).sum();
    return before == after
        ? Optional.empty()
        : Optional.of(
            "%s: %d bytes would take the place of %d".formatted(run.partition(), after, before));
  }
}
