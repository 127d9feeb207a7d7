package io.weft.controlplane.leader.quarantine;

import io.weft.controlplane.api.UploadedBatches;
import io.weft.controlplane.api.UploadedFile;
import io.weft.controlplane.codec.WireWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// What of a commit stays the same when clients send the same batches again, through any agent and
/// in whichever file: partition by partition, the batches. Stateless.
///
/// A producer's sequence tells its batch from others; a batch without one is told by its timestamp
/// besides, since many are of equal length. Where the agent sets that (`LogAppendTime`), it is
/// another batch when it is sent again.
final class CommitSubstance {
  private CommitSubstance() {}

  static void write(List<UploadedFile> files, WireWriter out) {
    List<UploadedBatches> runs = new ArrayList<>();
    for (UploadedFile file : files) {
      runs.addAll(file.partitions());
    }
    runs.sort(Comparator.comparing(UploadedBatches::partition));
    for (UploadedBatches run : runs) {
      for (int i = 0; i < run.count(); i++) {
        writeBatch(run, i, out);
      }
    }
  }

  private static void writeBatch(UploadedBatches run, int batch, WireWriter out) {
    out.writeLong(run.partition().topic().high());
    out.writeLong(run.partition().topic().low());
    out.writeInt(run.partition().partition());
    out.writeInt(run.lengths()[batch]);
    out.writeInt(run.records()[batch]);
    out.writeLong(run.producerIds()[batch]);
    out.writeShort(run.producerEpochs()[batch]);
    out.writeInt(run.baseSequences()[batch]);
    if (run.producerIds()[batch] < 0) {
      out.writeLong(run.maxTimestampsMs()[batch]);
    }
  }
}
