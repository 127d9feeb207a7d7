package io.weft.simulation.broken.file;

import io.weft.controlplane.api.FileOutcome;
import io.weft.controlplane.api.Sequencer;
import io.weft.controlplane.api.UploadedFile;
import io.weft.model.AgentId;
import java.util.List;

/// Commits that do not tell the checksums of their batches: the control plane has nothing to check
/// a merged file by, and it is for the readers to find what is wrong with it.
record Untold(Sequencer real) implements Sequencer {
  @Override
  public List<FileOutcome> commit(AgentId agent, long settledBelow, List<UploadedFile> files) {
    return real.commit(
        agent, settledBelow, files.stream().map(UploadedFile::withoutChecksums).toList());
  }
}
