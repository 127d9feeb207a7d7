package io.weft.simulation.cluster;

import io.weft.controlplane.api.ExtentIndex.ExtentsFound;
import io.weft.controlplane.api.file.Cleanings;
import io.weft.controlplane.api.file.Compactions;
import io.weft.controlplane.api.file.Compactions.Swap;
import io.weft.controlplane.api.file.Compactions.SwapOutcome;
import io.weft.controlplane.command.Command;
import io.weft.model.Extent;
import io.weft.simulated.SimulatedWorld;
import io.weft.storage.file.FileLayout;
import io.weft.storage.object.ObjectKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/// Which files the control plane has told agents to read, and when; a file must stay for a whole
/// grace after that, or an agent that lags behind its plan finds nothing. Used by the threads of
/// one world.
///
/// A file counts as told of when the question arrived whose answer names it: it was live then, or
/// later.
public final class ToldFiles {
  private final SimulatedWorld world;
  private final long graceMs;
  private final Map<Long, Long> lastToldMs = new HashMap<>();
  private final Map<Long, Long> firstAskedMs = new HashMap<>();
  private final List<String> tooEarly = new ArrayList<>();

  ToldFiles(SimulatedWorld world, long graceMs) {
    this.world = world;
    this.graceMs = graceMs;
  }

  /// The files that were deleted before an agent that was told of them had had its time.
  public List<String> tooEarly() {
    return List.copyOf(tooEarly);
  }

  /// A question has arrived.
  void asked(Command<?> command) {
    boolean isOfJobs =
        command.question().asker() == Compactions.class
            || command.question().asker() == Cleanings.class;
    if (isOfJobs && command.arguments().getLast() instanceof Swap swap) {
      firstAskedMs.putIfAbsent(swap.fileId(), world.nowMs());
    }
  }

  /// @param askedMs when the question arrived
  void answered(Command<?> command, Object answer, long askedMs) {
    switch (answer) {
      case List<?> answers -> answers.forEach(each -> found(each, askedMs));
      case SwapOutcome.Swapped _ -> swapped((Swap) command.arguments().getLast());
      case null, default -> {}
    }
  }

  private void found(Object answer, long askedMs) {
    if (answer instanceof ExtentsFound.Found(_, var spans, _)) {
      spans.forEach(
          span -> {
            if (span instanceof Extent extent) {
              tell(extent, askedMs);
            }
          });
    }
  }

  /// The files that were merged or cleaned were live when it was asked for, the first time.
  private void swapped(Swap swap) {
    long askedMs = firstAskedMs.get(swap.fileId());
    swap.runs().forEach(run -> run.before().forEach(extent -> tell(extent, askedMs)));
  }

  private void tell(Extent extent, long askedMs) {
    lastToldMs.merge(extent.fileId(), askedMs, Math::max);
  }

  void deleted(ObjectKey key) {
    OptionalLong fileId = FileLayout.fileId(key);
    if (fileId.isEmpty() || !lastToldMs.containsKey(fileId.getAsLong())) {
      return;
    }
    long sinceMs = world.nowMs() - lastToldMs.get(fileId.getAsLong());
    if (sinceMs < graceMs) {
      tooEarly.add(
          "%s was deleted %d ms after agents were told to read it; the grace is %d ms"
              .formatted(key, sinceMs, graceMs));
    }
  }
}
