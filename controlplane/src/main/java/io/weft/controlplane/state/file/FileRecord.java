package io.weft.controlplane.state.file;

import io.weft.controlplane.api.BatchOutcomes;
import io.weft.controlplane.api.UploadedFile;
import io.weft.controlplane.codec.shape.Kind;
import io.weft.controlplane.codec.shape.Shaped;
import io.weft.controlplane.state.part.StateRecord;
import io.weft.model.AgentId;
import java.util.List;

/// What became of file ids.
public sealed interface FileRecord extends StateRecord.Timed {
  @Kind(8)
  record FileIdsLeased(AgentId agent, long firstFileId, int count, long timeMs)
      implements FileRecord {}

  /// The lease that begins at this id has ended: what was not committed never will be.
  @Kind(9)
  record FileIdsExpired(long firstFileId, long timeMs) implements FileRecord {}

  /// A file's batches got what they get.
  ///
  /// @param settledBelow outcomes of this agent's files below it are forgotten
  /// @param outcomes one per run of the file, in its order
  @Kind(11)
  @Kind(value = 14, since = 2)
  @Shaped(by = CommittedFileShape.class)
  record FileCommitted(
      AgentId agent,
      long settledBelow,
      long timeMs,
      UploadedFile file,
      List<BatchOutcomes> outcomes)
      implements FileRecord {
    public FileCommitted {
      if (outcomes.size() != file.partitions().size()) {
        throw new IllegalArgumentException("runs without outcomes");
      }
    }
  }
}
