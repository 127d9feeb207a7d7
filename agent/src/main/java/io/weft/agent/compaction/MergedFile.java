package io.weft.agent.compaction;

import io.weft.controlplane.api.file.Compactions.Run;
import io.weft.controlplane.api.file.Compactions.SwappedRun;
import io.weft.model.Extent;
import io.weft.model.PartitionId;
import io.weft.storage.file.FileExtent;
import io.weft.storage.file.FileIndex;
import io.weft.storage.file.PartitionRun;
import io.weft.storage.file.StoredBatch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a job's batches become: a file sorted by partition, and extents that say where they lie in
/// it. Pure.
final class MergedFile {
  private MergedFile() {}

  /// @param batches by run, by extent
  static List<PartitionRun> contents(List<Run> runs, List<List<List<StoredBatch>>> batches) {
    Map<PartitionId, List<StoredBatch>> byPartition = new LinkedHashMap<>();
    for (int i = 0; i < runs.size(); i++) {
      List<StoredBatch> ofPartition =
          byPartition.computeIfAbsent(runs.get(i).partition(), _ -> new ArrayList<>());
      batches.get(i).forEach(ofPartition::addAll);
    }
    List<PartitionRun> contents = new ArrayList<>(byPartition.size());
    byPartition.forEach((partition, all) -> contents.add(new PartitionRun(partition, all)));
    return contents;
  }

  /// @param runs by partition, then by offset
  /// @param contents that the file was made of
  /// @param index of the file
  /// @param extentBytesMax extents do not grow beyond this
  static List<SwappedRun> extents(
      List<Run> runs,
      long fileId,
      List<PartitionRun> contents,
      FileIndex index,
      int extentBytesMax) {
    Map<PartitionId, WrittenSums> written = new HashMap<>();
    for (PartitionRun each : contents) {
      written.put(each.partition(), new WrittenSums(each));
    }
    Map<PartitionId, Long> ends = new HashMap<>();
    for (FileExtent each : index.extents()) {
      ends.put(each.partition(), each.position());
    }
    List<SwappedRun> swapped = new ArrayList<>(runs.size());
    for (Run run : runs) {
      long position = ends.get(run.partition());
      List<Extent> after = new ArrayList<>();
      for (Extent extent : run.extents()) {
        add(after, moved(extent, fileId, position), extentBytesMax);
        position += extent.length();
      }
      ends.put(run.partition(), position);
      List<Long> sums = after.stream().map(written.get(run.partition())::next).toList();
      swapped.add(new SwappedRun(run.partition(), run.extents(), after, sums, 0));
    }
    return swapped;
  }

  private static Extent moved(Extent extent, long fileId, long position) {
    return new Extent(
        fileId,
        position,
        extent.length(),
        extent.baseOffset(),
        extent.lastOffset(),
        extent.maxTimestampMs(),
        extent.logAppendTimeMs(),
        extent.offsets());
  }

  /// Adjacent extents become one where it can say the same of all their batches.
  private static void add(List<Extent> extents, Extent next, int bytesMax) {
    if (extents.isEmpty() || !isOneWith(extents.getLast(), next, bytesMax)) {
      extents.add(next);
      return;
    }
    Extent last = extents.removeLast();
    extents.add(
        new Extent(
            last.fileId(),
            last.position(),
            last.length() + next.length(),
            last.baseOffset(),
            next.lastOffset(),
            Math.max(last.maxTimestampMs(), next.maxTimestampMs()),
            last.logAppendTimeMs(),
            last.offsets()));
  }

  private static boolean isOneWith(Extent last, Extent next, int bytesMax) {
    return last.logAppendTimeMs() == next.logAppendTimeMs()
        && last.offsets() == next.offsets()
        && (long) last.length() + next.length() <= bytesMax;
  }
}
