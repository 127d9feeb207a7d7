package io.weft.simulation.broken;

import io.weft.controlplane.api.ControlPlane;
import io.weft.controlplane.api.FileOutcome;
import io.weft.controlplane.api.Sequencer;
import io.weft.controlplane.api.UploadedBatches;
import io.weft.controlplane.api.UploadedFile;
import io.weft.model.AgentId;
import io.weft.simulated.SimulatedProcess;
import io.weft.simulation.cluster.Build;
import java.util.Arrays;
import java.util.List;

/// Batches are committed as if their producers had no ids: nobody sees that one comes again, or
/// before another.
public final class NoSequences implements Build {
  @Override
  public ControlPlane controlPlane(ControlPlane real, SimulatedProcess agent) {
    Sequencer sequencer = real.as(Sequencer.class);
    return Altered.of(real).with(Sequencer.class, new Stripping(sequencer));
  }

  private record Stripping(Sequencer real) implements Sequencer {
    @Override
    public List<FileOutcome> commit(AgentId agent, long settledBelow, List<UploadedFile> files) {
      return real.commit(agent, settledBelow, files.stream().map(Stripping::stripped).toList());
    }

    private static UploadedFile stripped(UploadedFile file) {
      return new UploadedFile(
          file.fileId(),
          file.bytes(),
          file.firstPosition(),
          file.partitions().stream().map(Stripping::stripped).toList());
    }

    private static UploadedBatches stripped(UploadedBatches batches) {
      long[] ids = new long[batches.count()];
      short[] epochs = new short[batches.count()];
      int[] sequences = new int[batches.count()];
      Arrays.fill(ids, -1);
      Arrays.fill(epochs, (short) -1);
      Arrays.fill(sequences, -1);
      return new UploadedBatches(
          batches.partition(),
          batches.lengths(),
          batches.records(),
          batches.maxTimestampsMs(),
          ids,
          epochs,
          sequences,
          batches.transactions(),
          batches.transactionalIds());
    }
  }
}
