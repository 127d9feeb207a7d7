package io.weft.simulation.broken.file;

import io.weft.controlplane.api.ControlPlane;
import io.weft.controlplane.api.FileOutcome;
import io.weft.controlplane.api.Sequencer;
import io.weft.controlplane.api.UploadedFile;
import io.weft.controlplane.api.file.DeadFiles;
import io.weft.environment.Tasks;
import io.weft.model.AgentId;
import io.weft.simulated.SimulatedProcess;
import io.weft.simulation.broken.Altered;
import io.weft.simulation.cluster.Build;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// An object that is a few seconds old and that no log has is taken for an orphan and deleted,
/// though the lease of its id lives: its agent may only be slow. Some agents are, and commit what
/// they have uploaded much later.
public final class AgedOrphans implements Build {
  private static final long AGE_MS = 3_000;

  /// Longer than an agent rests before it asks for dead files.
  private static final long SLOW_MS = 35_000;

  /// Of so many commits one is slow.
  private static final int COMMITS = 20;

  /// When files were uploaded that are in no log.
  private final Map<Long, Long> uploadedMs = new HashMap<>();

  private int commits;

  @Override
  public ControlPlane controlPlane(ControlPlane real, SimulatedProcess agent) {
    return Altered.of(real)
        .with(
            Sequencer.class,
            (self, below, files) -> commit(real.as(Sequencer.class), self, below, files, agent))
        .with(DeadFiles.class, new Aged(real.as(DeadFiles.class), agent));
  }

  private List<FileOutcome> commit(
      Sequencer real, AgentId self, long below, List<UploadedFile> files, SimulatedProcess agent) {
    long nowMs = agent.environment().clock().monotonicMs();
    files.forEach(file -> uploadedMs.putIfAbsent(file.fileId(), nowMs));
    if (++commits % COMMITS == 0) {
      pause(agent.environment().tasks());
    }
    List<FileOutcome> outcomes = real.commit(self, below, files);
    files.forEach(file -> uploadedMs.remove(file.fileId()));
    return outcomes;
  }

  private static void pause(Tasks tasks) {
    try {
      tasks.sleepMs(SLOW_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private final class Aged implements DeadFiles {
    private final DeadFiles real;
    private final SimulatedProcess agent;

    Aged(DeadFiles real, SimulatedProcess agent) {
      this.real = real;
      this.agent = agent;
    }

    @Override
    public List<Long> take(AgentId self, int max, long wallMs) {
      List<Long> taken = new ArrayList<>(real.take(self, max, wallMs));
      long beforeMs = agent.environment().clock().monotonicMs() - AGE_MS;
      uploadedMs.forEach(
          (fileId, atMs) -> {
            if (atMs < beforeMs && taken.size() < max && !taken.contains(fileId)) {
              taken.add(fileId);
            }
          });
      return taken;
    }

    @Override
    public void deleted(AgentId self, List<Long> fileIds) {
      real.deleted(self, fileIds);
    }
  }
}
