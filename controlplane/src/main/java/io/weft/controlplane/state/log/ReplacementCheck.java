package io.weft.controlplane.state.log;

import io.weft.controlplane.api.CommitFeed;
import io.weft.controlplane.state.log.LogRecord.ExtentsReplaced;
import io.weft.controlplane.state.log.LogRecord.NewFile;
import io.weft.controlplane.state.log.LogRecord.ReplacedRun;
import io.weft.controlplane.state.partition.PartitionLog;
import io.weft.model.Extent;
import io.weft.model.Extent.Offsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Whether extents may take the place of others, as far as the metadata can tell. Used once, by one
/// thread.
final class ReplacementCheck {
  private final PartitionLogs logs;
  private final ExtentsReplaced asked;

  /// By file: bytes of the file, and of the extents in it.
  private final Map<Long, long[]> files = new HashMap<>();

  ReplacementCheck(PartitionLogs logs, ExtentsReplaced asked) {
    this.logs = logs;
    this.asked = asked;
  }

  /// @return why they may not; empty if they may
  Optional<String> flaw() {
    try {
      checkFiles();
      checkOrder();
      asked.runs().forEach(this::check);
      for (NewFile file : asked.files()) {
        long[] bytes = files.get(file.fileId());
        require(bytes[1] > 0, "file %d holds none of the extents", file.fileId());
        require(bytes[1] <= bytes[0], "file %d cannot hold its extents", file.fileId());
      }
      return Optional.empty();
    } catch (FlawException flaw) {
      return Optional.of(flaw.getMessage());
    }
  }

  private void checkFiles() {
    for (NewFile file : asked.files()) {
      require(logs.files().liveExtents(file.fileId()) < 0, "file %d is not new", file.fileId());
      boolean once = files.put(file.fileId(), new long[] {file.bytes(), 0}) == null;
      require(once, "file %d is named twice", file.fileId());
    }
  }

  private void checkOrder() {
    require(!asked.runs().isEmpty(), "there is nothing to replace");
    ReplacedRun last = null;
    for (ReplacedRun run : asked.runs()) {
      require(!run.before().isEmpty() && !run.after().isEmpty(), "a run without extents");
      if (last != null) {
        int order = last.partition().compareTo(run.partition());
        long end = last.before().getLast().lastOffset();
        require(
            order < 0 || (order == 0 && end < run.before().getFirst().baseOffset()),
            "the runs are not in order");
      }
      last = run;
    }
  }

  private void check(ReplacedRun run) {
    Optional<PartitionLog> log = logs.find(run.partition());
    require(log.isPresent(), "%s is gone", run.partition());
    require(log.get().holds(run.before()), "%s has other extents there now", run.partition());
    checkOffsets(run, log.get().logStartOffset());
    checkPlaces(run);
    checkContents(run);
  }

  private static void checkOffsets(ReplacedRun run, long logStartOffset) {
    require(
        run.after().size() <= CommitFeed.SPANS_PER_EVENT_MAX,
        "%d extents in one run",
        run.after().size());
    long next = run.before().getFirst().baseOffset();
    for (Extent extent : run.after()) {
      require(extent.baseOffset() == next, "%s: no extent begins at %d", run.partition(), next);
      next = extent.lastOffset() + 1;
    }
    require(
        next == run.before().getLast().lastOffset() + 1,
        "%s: the extents end before %d",
        run.partition(),
        next);
    require(
        run.after().getFirst().lastOffset() >= logStartOffset,
        "%s begins at %d now",
        run.partition(),
        logStartOffset);
  }

  private void checkPlaces(ReplacedRun run) {
    Extent last = null;
    for (Extent extent : run.after()) {
      long[] bytes = files.get(extent.fileId());
      require(bytes != null, "an extent lies in file %d, which is not named", extent.fileId());
      require(
          extent.position() <= PartitionLog.POSITION_MAX
              && extent.position() <= bytes[0] - extent.length(),
          "an extent lies outside of file %d",
          extent.fileId());
      require(
          last == null
              || last.fileId() != extent.fileId()
              || last.position() + last.length() <= extent.position(),
          "%s: the extents in file %d are not in order",
          run.partition(),
          extent.fileId());
      bytes[1] += extent.length();
      last = extent;
    }
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
      require(extent.maxTimestampMs() <= mostMs, "%s: a time out of nowhere", run.partition());
      maxTimestampMs = Math.max(maxTimestampMs, extent.maxTimestampMs());
      dense &= extent.offsets() == Offsets.DENSE;
    }
    long wasMs = before.stream().mapToLong(Extent::maxTimestampMs).max().orElseThrow();
    // Where every record is still there, so is the one with the largest time.
    require(!dense || maxTimestampMs == wasMs, "%s: the largest time is lost", run.partition());
  }

  private static void checkSource(ReplacedRun run, Extent from, Extent to) {
    require(!from.hasOwnOffsets() || to.hasOwnOffsets(), "%s: gaps would be lost", run.partition());
    // The time may have been written into the batches.
    require(
        to.logAppendTimeMs() < 0 || to.logAppendTimeMs() == from.logAppendTimeMs(),
        "%s: records of %d would get the time %d",
        run.partition(),
        from.logAppendTimeMs(),
        to.logAppendTimeMs());
  }

  private static boolean touch(Extent one, Extent other) {
    return one.baseOffset() <= other.lastOffset() && other.baseOffset() <= one.lastOffset();
  }

  private static void require(boolean holds, String otherwise, Object... values) {
    if (!holds) {
      throw new FlawException(otherwise.formatted(values));
    }
  }

  /// Never leaves this class.
  private static final class FlawException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    FlawException(String message) {
      super(message, null, false, false);
    }
  }
}
