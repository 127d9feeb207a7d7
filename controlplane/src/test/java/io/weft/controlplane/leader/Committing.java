package io.weft.controlplane.leader;

import io.weft.controlplane.api.BatchOutcomes;
import io.weft.controlplane.api.FileLedger;
import io.weft.controlplane.api.FileLedger.LeaseOutcome;
import io.weft.controlplane.api.FileOutcome;
import io.weft.controlplane.api.Membership;
import io.weft.controlplane.api.Membership.Registered;
import io.weft.controlplane.api.Sequencer;
import io.weft.controlplane.api.UploadedBatches;
import io.weft.controlplane.api.UploadedFile;
import io.weft.controlplane.command.CommandPort;
import io.weft.model.AgentId;
import io.weft.model.PartitionId;
import io.weft.model.Zone;
import java.util.List;
import java.util.UUID;

/// An agent that commits files of one batch, each under a fresh id.
final class Committing {
  private static final int IDS = 1_000;

  private final CommandPort port;
  private final AgentId id;
  private long nextFileId;

  private Committing(CommandPort port, AgentId id, long nextFileId) {
    this.port = port;
    this.id = id;
    this.nextFileId = nextFileId;
  }

  static Committing register(CommandPort port, int number) {
    Registered registered =
        port.as(Membership.class).register(new UUID(number, 1), Zone.NONE, "host", 9_000 + number);
    LeaseOutcome leased = port.as(FileLedger.class).lease(registered.id(), IDS);
    return new Committing(port, registered.id(), ((LeaseOutcome.Leased) leased).first());
  }

  AgentId id() {
    return id;
  }

  /// The id of a file, to be used once.
  long nextFileId() {
    return nextFileId++;
  }

  /// @return the offset the batch was given
  long commit(PartitionId partition, int records) {
    UploadedFile file = file(nextFileId(), partition, records);
    return commit(file);
  }

  long commit(UploadedFile file) {
    List<FileOutcome> outcomes = port.as(Sequencer.class).commit(id, 0, List.of(file));
    BatchOutcomes batches = ((FileOutcome.Committed) outcomes.getFirst()).partitions().getFirst();
    return batches.baseOffsets()[0];
  }

  static UploadedFile file(long fileId, PartitionId partition, int records) {
    return new UploadedFile(
        fileId,
        1_000,
        32,
        List.of(
            new UploadedBatches(
                partition,
                new int[] {100},
                new int[] {records},
                new long[] {-1},
                new long[] {-1},
                new short[] {-1},
                new int[] {-1},
                new byte[] {0})));
  }
}
