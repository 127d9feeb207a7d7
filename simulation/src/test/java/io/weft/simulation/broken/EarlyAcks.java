package io.weft.simulation.broken;

import io.weft.controlplane.api.BatchOutcomes;
import io.weft.controlplane.api.BatchOutcomes.Verdict;
import io.weft.controlplane.api.ControlPlane;
import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.FileOutcome;
import io.weft.controlplane.api.Sequencer;
import io.weft.controlplane.api.UploadedBatches;
import io.weft.controlplane.api.UploadedFile;
import io.weft.environment.Pending;
import io.weft.model.AgentId;
import io.weft.simulated.SimulatedProcess;
import io.weft.simulation.cluster.Build;
import java.util.Arrays;
import java.util.List;

/// Producers are answered as soon as their file is durable; it is committed afterwards, in order,
/// and asked again until there is an answer. (They are told the batch is there, but not where.)
public final class EarlyAcks implements Build {
  @Override
  public ControlPlane controlPlane(ControlPlane real, SimulatedProcess agent) {
    return Altered.of(real).with(Sequencer.class, new Early(real.as(Sequencer.class), agent));
  }

  private static final class Early implements Sequencer {
    private final Sequencer real;
    private final SimulatedProcess process;
    private Pending<Boolean> last = Pending.completed(true);

    Early(Sequencer real, SimulatedProcess process) {
      this.real = real;
      this.process = process;
    }

    @Override
    public List<FileOutcome> commit(AgentId agent, long settledBelow, List<UploadedFile> files) {
      Pending<Boolean> before = last;
      Pending<Boolean> done = new Pending<>();
      last = done;
      process.start("early", () -> commitLater(agent, files, before, done));
      return files.stream().map(Early::success).toList();
    }

    private void commitLater(
        AgentId agent, List<UploadedFile> files, Pending<Boolean> before, Pending<Boolean> done) {
      try {
        before.await();
        while (!done.isDone()) {
          try {
            real.commit(agent, files.getFirst().fileId(), files);
            done.complete(true);
          } catch (ControlPlaneException e) {
            process.environment().tasks().sleepMs(100);
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private static FileOutcome success(UploadedFile file) {
      return new FileOutcome.Committed(file.partitions().stream().map(Early::success).toList());
    }

    private static BatchOutcomes success(UploadedBatches batches) {
      byte[] verdicts = new byte[batches.count()];
      Arrays.fill(verdicts, Verdict.DUPLICATE_FORGOTTEN.code());
      long[] unknown = new long[batches.count()];
      Arrays.fill(unknown, -1);
      return new BatchOutcomes(verdicts, unknown, unknown, -1);
    }
  }
}
