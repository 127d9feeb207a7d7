package io.weft.agent.cleaning;

import io.weft.agent.compaction.WrittenSums;
import io.weft.controlplane.api.file.Compactions.SwappedRun;
import io.weft.model.Extent;
import io.weft.model.PartitionId;
import io.weft.storage.file.PartitionRun;
import io.weft.storage.file.StoredBatch;
import java.util.ArrayList;
import java.util.List;

/// What becomes one file: runs of one partition, by rising offsets. Owned by one thread.
final class CleanedPiece {
  /// Extents whose place it takes, at most about: far below what one swap may name.
  static final int EXTENTS_MAX = 4_000;

  /// Offsets that its batches take, at most about: a file counts them.
  private static final long OFFSETS_MAX = 1L << 30;

  private final List<CleanedRun> runs = new ArrayList<>();

  void add(CleanedRun run) {
    runs.add(run);
  }

  boolean isFull(long bytesMax) {
    return runs.stream().mapToLong(CleanedRun::bytes).sum() >= bytesMax
        || runs.stream().mapToInt(CleanedRun::extents).sum() >= EXTENTS_MAX
        || offsets() >= OFFSETS_MAX;
  }

  /// Offsets that its batches take.
  long offsets() {
    return runs.stream().mapToLong(CleanedRun::offsets).sum();
  }

  boolean isChanged() {
    return runs.stream().anyMatch(CleanedRun::isChanged);
  }

  PartitionRun contents(PartitionId partition) {
    List<StoredBatch> batches = new ArrayList<>();
    runs.forEach(run -> batches.addAll(run.batches()));
    return new PartitionRun(partition, batches);
  }

  /// @param contents that the file was made of
  /// @param position where its batches begin in the file
  List<SwappedRun> swapped(PartitionRun contents, long fileId, long position) {
    WrittenSums written = new WrittenSums(contents);
    List<SwappedRun> swapped = new ArrayList<>(runs.size());
    long at = position;
    for (CleanedRun run : runs) {
      List<Extent> after = run.after(fileId, at);
      List<Long> sums = after.stream().map(written::next).toList();
      swapped.add(new SwappedRun(contents.partition(), run.before(), after, sums, run.removed()));
      at += run.bytes();
    }
    return swapped;
  }
}
