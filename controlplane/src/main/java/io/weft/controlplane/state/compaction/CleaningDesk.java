package io.weft.controlplane.state.compaction;

import io.weft.controlplane.api.PartitionBounds;
import io.weft.controlplane.api.file.Cleanings;
import io.weft.controlplane.api.file.Compactions.Swap;
import io.weft.controlplane.api.file.Compactions.SwapOutcome;
import io.weft.controlplane.api.file.Compactions.SwappedRun;
import io.weft.controlplane.api.topic.TopicSettings;
import io.weft.controlplane.state.file.FileLeases;
import io.weft.controlplane.state.log.LogRecord.ExtentsReplaced;
import io.weft.controlplane.state.log.LogRecord.NewFile;
import io.weft.controlplane.state.log.LogRecord.ReplacedRun;
import io.weft.controlplane.state.log.PartitionLogs;
import io.weft.controlplane.state.log.ReplaceOutcome;
import io.weft.controlplane.state.part.StatePart;
import io.weft.model.AgentId;
import io.weft.model.Extent;
import java.util.List;
import java.util.Optional;

/// Lets what is left of compacted partitions take the place of what was. Owned by one thread.
///
/// Here alone may bytes go: of a topic that is compacted, below the last stable offset, and never
/// so that offsets would be dense again.
public final class CleaningDesk implements StatePart, Cleanings {
  private final FileLeases leases;
  private final PartitionLogs logs;
  private CleaningPlanning planning = CleaningPlanning.NONE;

  public CleaningDesk(FileLeases leases, PartitionLogs logs) {
    this.leases = leases;
    this.logs = logs;
  }

  /// From here on this says what is to be cleaned.
  public void ledBy(CleaningPlanning leading) {
    planning = leading;
  }

  @Override
  public Assignment next(AgentId agent) {
    return planning.next(agent);
  }

  @Override
  public void giveUp(AgentId agent, long job, boolean forLong) {
    planning.givenUp(agent, job, forLong);
  }

  @Override
  public SwapOutcome swap(AgentId agent, Swap swap) {
    SwapOutcome outcome = decide(agent, swap);
    planning.swapped(outcome instanceof SwapOutcome.Swapped);
    return outcome;
  }

  private SwapOutcome decide(AgentId agent, Swap swap) {
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
        differing.ifPresent(planning::sumsDiffered);
        yield new SwapOutcome.Refused(why);
      }
    };
  }

  private Optional<String> flawOf(SwappedRun run) {
    if (logs.settings(run.partition().topic()).filter(TopicSettings::compacted).isEmpty()) {
      return Optional.of("%s is not of a compacted topic".formatted(run.partition()));
    }
    if (!run.after().stream().allMatch(Extent::hasOwnOffsets)) {
      return Optional.of("%s: records would be gone, and offsets dense".formatted(run.partition()));
    }
    long stableEnd = logs.bounds(run.partition()).map(PartitionBounds::lastStableOffset).orElse(0L);
    return run.before().stream().anyMatch(extent -> extent.lastOffset() >= stableEnd)
        ? Optional.of("%s is not stable from %d on".formatted(run.partition(), stableEnd))
        : Optional.empty();
  }
}
