package io.weft.controlplane.state.log;

import io.weft.controlplane.api.CommitFeed;
import io.weft.controlplane.state.dead.CondemnedFiles;
import io.weft.controlplane.state.log.LogRecord.ExtentsReplaced;
import io.weft.controlplane.state.log.LogRecord.NewFile;
import io.weft.controlplane.state.log.LogRecord.ReplacedRun;
import io.weft.controlplane.state.partition.PartitionLog;
import io.weft.model.Extent;
import io.weft.model.PartitionId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Whether extents may take the place of others, as far as the metadata can tell. Used once, by one
/// thread.
final class ReplacementCheck {
  private final PartitionLogs logs;
  private final CondemnedFiles condemned;
  private final ExtentsReplaced asked;

  /// By file: bytes of the file, and of the extents in it.
  private final Map<Long, long[]> files = new LinkedHashMap<>();

  private Optional<PartitionId> differing = Optional.empty();

  ReplacementCheck(PartitionLogs logs, CondemnedFiles condemned, ExtentsReplaced asked) {
    this.logs = logs;
    this.condemned = condemned;
    this.asked = asked;
  }

  /// @return why they may not; empty if they may
  Optional<String> flaw() {
    try {
      checkFiles();
      checkOrder();
      asked.runs().forEach(this::check);
      checkUse();
      return Optional.empty();
    } catch (FlawException flaw) {
      return Optional.of(flaw.getMessage());
    }
  }

  private void checkFiles() {
    for (NewFile file : asked.files()) {
      long fileId = file.fileId();
      if (logs.files().liveExtents(fileId) >= 0) {
        throw new FlawException("file %d is not new".formatted(fileId));
      }
      if (condemned.refuses(fileId)) {
        throw new FlawException("file %d is dead, or its lease has expired".formatted(fileId));
      }
      if (files.put(fileId, new long[] {file.bytes(), 0}) != null) {
        throw new FlawException("file %d is named twice".formatted(fileId));
      }
    }
  }

  private void checkOrder() {
    if (asked.runs().isEmpty()) {
      throw new FlawException("there is nothing to replace");
    }
    ReplacedRun last = null;
    for (ReplacedRun run : asked.runs()) {
      if (run.before().isEmpty() || run.after().isEmpty()) {
        throw new FlawException("a run without extents");
      }
      if (last != null && !isBefore(last, run)) {
        throw new FlawException("the runs are not in order");
      }
      last = run;
    }
  }

  private static boolean isBefore(ReplacedRun one, ReplacedRun other) {
    int order = one.partition().compareTo(other.partition());
    return order < 0
        || (order == 0
            && one.before().getLast().lastOffset() < other.before().getFirst().baseOffset());
  }

  private void check(ReplacedRun run) {
    Optional<PartitionLog> log = logs.find(run.partition());
    if (log.isEmpty()) {
      throw new FlawException("%s is gone".formatted(run.partition()));
    }
    if (!log.get().holds(run.before())) {
      throw new FlawException("%s has other extents there now".formatted(run.partition()));
    }
    checkOffsets(run, log.get().logStartOffset());
    checkPlaces(run);
    checkContents(run);
    Optional<String> flaw = SumCheck.flaw(run, log.get());
    if (flaw.isPresent()) {
      differing = Optional.of(run.partition());
      throw new FlawException(flaw.get());
    }
  }

  /// The partition whose sums are not what they must be, if that was the flaw.
  Optional<PartitionId> differing() {
    return differing;
  }

  private static void checkOffsets(ReplacedRun run, long logStartOffset) {
    if (run.after().size() > CommitFeed.SPANS_PER_EVENT_MAX) {
      throw new FlawException("%d extents in one run".formatted(run.after().size()));
    }
    long next = run.before().getFirst().baseOffset();
    for (Extent extent : run.after()) {
      if (extent.baseOffset() != next) {
        throw new FlawException("%s: no extent begins at %d".formatted(run.partition(), next));
      }
      next = extent.lastOffset() + 1;
    }
    if (next != run.before().getLast().lastOffset() + 1) {
      throw new FlawException("%s: the extents end before %d".formatted(run.partition(), next));
    }
    if (run.after().getFirst().lastOffset() < logStartOffset) {
      throw new FlawException("%s begins at %d now".formatted(run.partition(), logStartOffset));
    }
  }

  private void checkPlaces(ReplacedRun run) {
    long lastFileId = -1;
    long end = 0;
    for (Extent extent : run.after()) {
      long fileId = extent.fileId();
      long[] bytes = files.get(fileId);
      if (bytes == null) {
        throw new FlawException("an extent lies in file %d, which is not named".formatted(fileId));
      }
      if (extent.position() > PartitionLog.POSITION_MAX
          || extent.position() > bytes[0] - extent.length()) {
        throw new FlawException("an extent lies outside of file %d".formatted(fileId));
      }
      if (fileId == lastFileId && extent.position() < end) {
        throw new FlawException(
            "%s: the extents in file %d are not in order".formatted(run.partition(), fileId));
      }
      bytes[1] += extent.length();
      lastFileId = fileId;
      end = extent.position() + extent.length();
    }
  }

  private void checkUse() {
    files.forEach(
        (fileId, bytes) -> {
          if (bytes[1] == 0) {
            throw new FlawException("file %d holds none of the extents".formatted(fileId));
          }
          if (bytes[1] > bytes[0]) {
            throw new FlawException("file %d cannot hold its extents".formatted(fileId));
          }
        });
  }

  /// What an extent says of its records must follow from what is said of those it holds.
  private static void checkContents(ReplacedRun run) {
    List<Extent> before = run.before();
    long maxTimestampMs = Long.MIN_VALUE;
    boolean dense = true;
    int i = 0;
    for (Extent extent : run.after()) {
      while (before.get(i).lastOffset() < extent.baseOffset()) {
        i++;
      }
      long mostMs = Long.MIN_VALUE;
      for (int j = i; j < before.size() && touch(before.get(j), extent); j++) {
        mostMs = Math.max(mostMs, before.get(j).maxTimestampMs());
        checkSource(run, before.get(j), extent);
      }
      if (extent.maxTimestampMs() > mostMs) {
        throw new FlawException("%s: a time out of nowhere".formatted(run.partition()));
      }
      maxTimestampMs = Math.max(maxTimestampMs, extent.maxTimestampMs());
      dense &= !extent.hasOwnOffsets();
    }
    long wasMs = before.stream().mapToLong(Extent::maxTimestampMs).max().orElseThrow();
    // Where every record is still there, so is the one with the largest time.
    if (dense && maxTimestampMs != wasMs) {
      throw new FlawException("%s: the largest time is lost".formatted(run.partition()));
    }
  }

  private static void checkSource(ReplacedRun run, Extent from, Extent to) {
    if (from.hasOwnOffsets() && !to.hasOwnOffsets()) {
      throw new FlawException("%s: gaps would be lost".formatted(run.partition()));
    }
    // The time may have been written into the batches.
    if (to.logAppendTimeMs() >= 0 && to.logAppendTimeMs() != from.logAppendTimeMs()) {
      throw new FlawException(
          "%s: records of %d would get the time %d"
              .formatted(run.partition(), from.logAppendTimeMs(), to.logAppendTimeMs()));
    }
  }

  private static boolean touch(Extent one, Extent other) {
    return one.baseOffset() <= other.lastOffset() && other.baseOffset() <= one.lastOffset();
  }

  /// Never leaves this class.
  private static final class FlawException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    FlawException(String message) {
      super(message, null, false, false);
    }
  }
}
