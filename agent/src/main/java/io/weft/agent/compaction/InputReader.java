package io.weft.agent.compaction;

import io.weft.agent.cache.Chunks;
import io.weft.agent.cache.CorruptObjectException;
import io.weft.agent.cache.ReadPurpose;
import io.weft.agent.cache.VerifiedBatches;
import io.weft.controlplane.api.file.Compactions.Run;
import io.weft.environment.Environment;
import io.weft.model.Extent;
import io.weft.model.PartitionId;
import io.weft.protocol.record.BatchHeader;
import io.weft.protocol.record.BatchView;
import io.weft.storage.file.FilePlace;
import io.weft.storage.file.StoredBatch;
import io.weft.storage.object.ObjectStoreException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Reads the inputs of one job, one after the other, and holds what of them is live. Used once, by
/// one thread.
final class InputReader {
  /// An input is brought at once unless so many of its bytes are of no use.
  private static final long UNUSED_BYTES_MAX = 8 << 20;

  private static final long MS_PER_SECOND = 1_000;

  private final JobInputs inputs;
  private final VerifiedBatches batches;
  private final Environment environment;
  private final long bytesPerSecond;
  private final CompactionFigures figures;

  InputReader(
      Chunks chunks, Environment environment, long bytesPerSecond, CompactionFigures figures) {
    this.inputs = new JobInputs(chunks);
    this.batches = new VerifiedBatches(inputs);
    this.environment = environment;
    this.bytesPerSecond = bytesPerSecond;
    this.figures = figures;
  }

  /// An extent of the job and the place of its batches in what is read.
  private record Wanted(PartitionId partition, Extent extent, List<StoredBatch> into) {}

  /// @return by run, by extent: the batches, in order
  /// @throws UnreadableInputException also if a partition has more records than a file can say
  /// @throws UnreadableInputException if an input is damaged or missing
  /// @throws ObjectStoreException if the store cannot be asked now
  List<List<List<StoredBatch>>> read(List<Run> runs)
      throws UnreadableInputException, InterruptedException {
    checkRecords(runs);
    TreeMap<Long, List<Wanted>> byFile = new TreeMap<>();
    List<List<List<StoredBatch>>> read = new ArrayList<>(runs.size());
    for (Run run : runs) {
      List<List<StoredBatch>> ofRun = new ArrayList<>(run.extents().size());
      for (Extent extent : run.extents()) {
        List<StoredBatch> into = new ArrayList<>();
        ofRun.add(into);
        byFile
            .computeIfAbsent(extent.fileId(), _ -> new ArrayList<>())
            .add(new Wanted(run.partition(), extent, into));
      }
      read.add(ofRun);
    }
    for (List<Wanted> ofFile : byFile.values()) {
      long startedMs = environment.clock().monotonicMs();
      long bytes = readFile(ofFile);
      figures.inputs.increment();
      figures.bytesRead.add(bytes);
      pause(bytes, startedMs);
    }
    return read;
  }

  private static void checkRecords(List<Run> runs) throws UnreadableInputException {
    Map<PartitionId, Long> records = new HashMap<>();
    for (Run run : runs) {
      Extent last = run.extents().getLast();
      long some = last.lastOffset() - run.extents().getFirst().baseOffset() + 1;
      if (records.merge(run.partition(), some, Long::sum) > Integer.MAX_VALUE) {
        throw new UnreadableInputException(last.fileId(), "too many records for one file");
      }
    }
  }

  private long readFile(List<Wanted> wanted) throws UnreadableInputException {
    long fileId = wanted.getFirst().extent().fileId();
    try {
      wanted.sort(Comparator.comparingLong(each -> each.extent().position()));
      bring(wanted);
      long bytes = 0;
      for (Wanted each : wanted) {
        read(each);
        bytes += each.extent().length();
      }
      return bytes;
    } catch (CorruptObjectException
        | ObjectStoreException.NotFound
        | ObjectStoreException.Rejected e) {
      throw new UnreadableInputException(fileId, e.getMessage());
    } finally {
      inputs.release();
    }
  }

  /// With one request where that is possible.
  private void bring(List<Wanted> wanted) {
    long from = wanted.getFirst().extent().position();
    long to = wanted.stream().mapToLong(each -> end(each.extent())).max().orElseThrow();
    long used = wanted.stream().mapToLong(each -> each.extent().length()).sum();
    if (to - from - used <= UNUSED_BYTES_MAX && to - from <= Integer.MAX_VALUE) {
      inputs.bring(FilePlace.of(wanted.getFirst().extent()), from, (int) (to - from));
    }
  }

  private void read(Wanted wanted) throws UnreadableInputException {
    Extent extent = wanted.extent();
    int at = 0;
    while (at < extent.length()) {
      List<BatchView> some =
          batches
              .readToKeep(wanted.partition(), extent, at, extent.length() - at, ReadPurpose.JOB)
              .batches();
      for (BatchView batch : some) {
        wanted.into().add(stored(batch));
      }
      at += some.getLast().end();
    }
    checkOffsets(extent, wanted.into());
  }

  private static StoredBatch stored(BatchView batch) {
    return new StoredBatch(
        batch.bytes().contiguous(batch.at(), batch.end()),
        Math.toIntExact(batch.offsets()),
        batch.bytes().longAt(batch.at() + BatchHeader.BASE_TIMESTAMP),
        batch.maxTimestampMs());
  }

  /// Dense offsets are told by the numbers of records alone: none may be missing. Own ones rise
  /// inside of the extent.
  private static void checkOffsets(Extent extent, List<StoredBatch> batches)
      throws UnreadableInputException {
    long next = extent.baseOffset();
    for (StoredBatch batch : batches) {
      if (extent.hasOwnOffsets()) {
        long own = batch.bytes().getLong(batch.bytes().position() + BatchHeader.BASE_OFFSET);
        if (own < next) {
          throw new UnreadableInputException(
              extent.fileId(), "a batch at offset %d, not %d or more".formatted(own, next));
        }
        next = own;
      }
      next += batch.records();
    }
    boolean ends =
        extent.hasOwnOffsets() ? next <= extent.lastOffset() + 1 : next == extent.lastOffset() + 1;
    if (!ends) {
      throw new UnreadableInputException(
          extent.fileId(),
          "batches up to offset %d in an extent that ends with %d"
              .formatted(next - 1, extent.lastOffset()));
    }
  }

  private static long end(Extent extent) {
    return extent.position() + extent.length();
  }

  private void pause(long bytes, long startedMs) throws InterruptedException {
    long dueMs = startedMs + bytes * MS_PER_SECOND / bytesPerSecond;
    long leftMs = dueMs - environment.clock().monotonicMs();
    if (leftMs > 0) {
      environment.tasks().sleepMs(leftMs);
    }
  }
}
