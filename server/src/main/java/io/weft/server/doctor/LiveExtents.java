package io.weft.server.doctor;

import io.weft.controlplane.state.partition.PartitionLog;
import io.weft.model.Extent;
import io.weft.model.Marker;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/// The extents of all logs by the files they lie in, as of one entry of the journal, and which of
/// these files have been seen in the bucket. Owned by one thread.
///
/// About a hundred bytes an extent.
final class LiveExtents {
  private static final Comparator<Held> BY_FILE =
      Comparator.<Held>comparingLong(held -> held.extent().fileId())
          .thenComparingLong(held -> held.extent().position());

  /// One extent, and whose it is.
  record Held(PartitionId partition, Extent extent) {}

  private final List<Held> rows;
  private final long partitions;
  private final BitSet seen = new BitSet();
  private int files;

  private LiveExtents(List<Held> rows, long partitions) {
    this.rows = rows;
    this.partitions = partitions;
    rows.sort(BY_FILE);
    for (int i = 0; i < rows.size(); i++) {
      files += i == 0 || fileId(i) != fileId(i - 1) ? 1 : 0;
    }
  }

  static LiveExtents of(Metadata metadata) {
    List<Held> rows = new ArrayList<>();
    long partitions = 0;
    for (Map.Entry<TopicId, Integer> topic : metadata.partitions().entrySet()) {
      for (int i = 0; i < topic.getValue(); i++) {
        PartitionId partition = new PartitionId(topic.getKey(), i);
        metadata.log(partition).ifPresent(it -> addAll(it, partition, rows));
        partitions++;
      }
    }
    return new LiveExtents(rows, partitions);
  }

  private static void addAll(PartitionLog log, PartitionId partition, List<Held> rows) {
    for (int i = 0; i < log.spanCount(); i++) {
      switch (log.span(i)) {
        case Extent extent -> rows.add(new Held(partition, extent));
        case Marker marker -> {}
      }
    }
  }

  int extents() {
    return rows.size();
  }

  int files() {
    return files;
  }

  long partitions() {
    return partitions;
  }

  /// A file's extents by position, or none; it counts as seen from here on.
  List<Held> see(long fileId) {
    int first = firstAtOrAfter(fileId);
    int end = first;
    while (end < rows.size() && fileId(end) == fileId) {
      end++;
    }
    if (end > first) {
      seen.set(first);
    }
    return rows.subList(first, end);
  }

  /// The lowest ids of files that have not been seen.
  ///
  /// @param after only ids above it
  List<Long> unseen(long after, int countMax) {
    List<Long> ids = new ArrayList<>();
    int row = firstAtOrAfter(after + 1);
    while (row < rows.size() && ids.size() < countMax) {
      if (!seen.get(row)) {
        ids.add(fileId(row));
      }
      row = firstAtOrAfter(fileId(row) + 1);
    }
    return ids;
  }

  private int firstAtOrAfter(long fileId) {
    int low = 0;
    int high = rows.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (fileId(middle) < fileId) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private long fileId(int row) {
    return rows.get(row).extent().fileId();
  }
}
