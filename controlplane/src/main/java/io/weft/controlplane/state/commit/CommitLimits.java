package io.weft.controlplane.state.commit;

import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.Sequencer;
import io.weft.controlplane.api.UploadedBatches;
import io.weft.controlplane.api.UploadedFile;
import io.weft.model.PartitionId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// What a commit must be like before any of its files is looked at. Stateless.
final class CommitLimits {
  /// Bytes of one file: positions and lengths in it are ints.
  static final long FILE_BYTES_MAX = Integer.MAX_VALUE;

  static final int RUNS_PER_FILE_MAX = 100_000;
  static final int BATCHES_PER_COMMIT_MAX = 1_000_000;

  private CommitLimits() {}

  /// @throws ControlPlaneException.Rejected if it is over a limit or contradicts itself
  static void check(long settledBelow, List<UploadedFile> files) {
    if (files.size() > Sequencer.FILES_PER_COMMIT_MAX) {
      throw rejected(
          "%d files in one commit; %d are possible", files.size(), Sequencer.FILES_PER_COMMIT_MAX);
    }
    long batches = 0;
    for (UploadedFile file : files) {
      if (file.fileId() < settledBelow) {
        throw rejected("file %d lies below %d, where all is settled", file.fileId(), settledBelow);
      }
      check(file);
      for (UploadedBatches run : file.partitions()) {
        batches += run.count();
      }
    }
    if (batches > BATCHES_PER_COMMIT_MAX) {
      throw rejected("%d batches in one commit; %d are possible", batches, BATCHES_PER_COMMIT_MAX);
    }
  }

  private static void check(UploadedFile file) {
    if (file.partitions().size() > RUNS_PER_FILE_MAX) {
      throw rejected(
          "%d runs in one file; %d are possible", file.partitions().size(), RUNS_PER_FILE_MAX);
    }
    if (file.firstPosition() < 0 || file.bytes() > FILE_BYTES_MAX) {
      throw rejected(
          "a file of %d bytes with batches from %d on", file.bytes(), file.firstPosition());
    }
    long end = file.firstPosition();
    for (UploadedBatches run : file.partitions()) {
      for (int length : run.lengths()) {
        end += length;
      }
    }
    if (end > file.bytes()) {
      throw rejected("batches up to %d in a file of %d bytes", end, file.bytes());
    }
    checkOneRunEach(file);
  }

  /// Files have their runs in order of partitions mostly: then no set is needed.
  private static void checkOneRunEach(UploadedFile file) {
    List<UploadedBatches> runs = file.partitions();
    for (int i = 1; i < runs.size(); i++) {
      if (runs.get(i - 1).partition().compareTo(runs.get(i).partition()) >= 0) {
        Set<PartitionId> seen = new HashSet<>();
        for (UploadedBatches run : runs) {
          if (!seen.add(run.partition())) {
            throw new ControlPlaneException.Rejected(
                "a file with two runs of partition " + run.partition());
          }
        }
        return;
      }
    }
  }

  private static ControlPlaneException.Rejected rejected(String sentence, long first, long second) {
    return new ControlPlaneException.Rejected(sentence.formatted(first, second));
  }
}
