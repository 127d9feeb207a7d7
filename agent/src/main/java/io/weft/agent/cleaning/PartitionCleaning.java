package io.weft.agent.cleaning;

import io.weft.controlplane.api.ExtentIndex;
import io.weft.controlplane.api.ExtentIndex.ExtentQuery;
import io.weft.controlplane.api.ExtentIndex.ExtentsFound;
import io.weft.controlplane.api.file.Cleanings.Assignment;
import io.weft.model.Extent;
import io.weft.model.Marker;
import io.weft.model.Span;
import io.weft.protocol.cleaning.BatchCleaner;
import io.weft.protocol.cleaning.KeyOffsets;
import io.weft.protocol.cleaning.UncleanableException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/// One round of cleaning a partition: its dirty part is read for its keys, then all of it up to
/// there is read again, and what is left is handed on in pieces, by rising offsets. Used once, by
/// one thread.
final class PartitionCleaning {
  private final ExtentIndex index;
  private final ExtentBatches batches;
  private final CleaningSettings settings;
  private final Assignment.Job job;
  private final BatchCleaner cleaner;
  private final KeyOffsets keys;
  private final PieceTaker taker;
  private CleanedPiece piece = new CleanedPiece();
  private Optional<CleanedRun> run = Optional.empty();

  /// Puts a piece in the place of what was.
  interface PieceTaker {
    /// @return false if it is refused: there is no going on
    boolean take(CleanedPiece piece) throws InterruptedException;
  }

  PartitionCleaning(
      ExtentIndex index,
      ExtentBatches batches,
      CleaningSettings settings,
      Assignment.Job job,
      PieceTaker taker) {
    this.index = index;
    this.batches = batches;
    this.settings = settings;
    this.job = job;
    this.taker = taker;
    this.cleaner =
        new BatchCleaner(job.nowMs(), job.deleteRetentionMs(), settings.decompressedBytesMax());
    this.keys = new KeyOffsets(settings.mapBytesMax(), job.end() - job.dirtyFrom());
  }

  /// @return false if the log has changed meanwhile in what was read
  /// @throws UncleanableException if no later round will do better
  /// @throws io.weft.controlplane.api.ControlPlaneException if there is no answer
  /// @throws io.weft.storage.object.ObjectStoreException if something cannot be read or written
  boolean run() throws UncleanableException, InterruptedException {
    long end = noteKeys();
    Optional<ExtentsFound.Found> page = page(0);
    while (page.isPresent() && !page.get().spans().isEmpty()) {
      AbortedRecords aborted = new AbortedRecords(page.get().aborted());
      long logStartOffset = page.get().bounds().logStartOffset();
      for (Span span : page.get().spans()) {
        if (span.baseOffset() >= end) {
          return handOn();
        }
        switch (span) {
          case Marker _ -> endRun();
          case Extent extent -> clean(extent, aborted, logStartOffset);
        }
        if (isFull() && !handOn()) {
          return false;
        }
      }
      page = page(page.get().spans().getLast().lastOffset() + 1);
    }
    return page.isPresent() && handOn();
  }

  /// @return up to where all keys are known, exclusive: at most the job's end
  private long noteKeys() throws UncleanableException, InterruptedException {
    long at = job.dirtyFrom();
    while (at < job.end()) {
      Optional<ExtentsFound.Found> page = page(at);
      if (page.isEmpty() || page.get().spans().isEmpty()) {
        return at;
      }
      AbortedRecords aborted = new AbortedRecords(page.get().aborted());
      for (Span span : page.get().spans()) {
        if (span.baseOffset() >= job.end()) {
          return at;
        }
        if (span instanceof Extent extent && !note(extent, aborted)) {
          return roundEnd(at);
        }
        at = span.lastOffset() + 1;
      }
    }
    return at;
  }

  private boolean note(Extent extent, AbortedRecords aborted)
      throws UncleanableException, InterruptedException {
    return batches.read(extent, (batch, _) -> cleaner.note(batch, job.dirtyFrom(), aborted, keys));
  }

  private long roundEnd(long end) throws UncleanableException {
    if (end <= job.dirtyFrom()) {
      throw new UncleanableException(
          "%d bytes are too little for the keys of one extent".formatted(settings.mapBytesMax()));
    }
    return end;
  }

  /// @return from the log's start on, if the offset lies before it; empty if the log is gone
  private Optional<ExtentsFound.Found> page(long offset) {
    return switch (find(offset)) {
      case ExtentsFound.Found found -> Optional.of(found);
      case ExtentsFound.OutOfRange(var bounds) ->
          offset < bounds.logStartOffset()
                  && find(bounds.logStartOffset()) instanceof ExtentsFound.Found found
              ? Optional.of(found)
              : Optional.empty();
      case ExtentsFound.UnknownPartition() -> Optional.empty();
    };
  }

  private ExtentsFound find(long offset) {
    return index
        .find(List.of(new ExtentQuery(job.partition(), offset, Integer.MAX_VALUE)))
        .getFirst();
  }

  private void clean(Extent extent, AbortedRecords aborted, long logStartOffset)
      throws UncleanableException, InterruptedException {
    CleanedRun into =
        run.orElseGet(
            () -> new CleanedRun(job.partition(), settings.extentBytesMax(), logStartOffset));
    run = Optional.of(into);
    into.begin(extent);
    batches.read(
        extent,
        (batch, sum) -> {
          into.add(batch, sum, left(batch, aborted));
          return true;
        });
    if (piece.offsets() + into.offsets() > Integer.MAX_VALUE) {
      throw new UncleanableException("more offsets in one extent than a file can say");
    }
  }

  private Optional<ByteBuffer> left(ByteBuffer batch, AbortedRecords aborted)
      throws UncleanableException {
    return cleaner.clean(batch, aborted, keys);
  }

  private boolean isFull() {
    long held = run.map(CleanedRun::bytes).orElse(0L);
    int extents = run.map(CleanedRun::extents).orElse(0);
    return held >= settings.pieceBytesMax()
        || extents >= CleanedPiece.EXTENTS_MAX
        || piece.isFull(settings.pieceBytesMax() - held);
  }

  private void endRun() {
    run.ifPresent(
        ended -> {
          ended.end();
          piece.add(ended);
        });
    run = Optional.empty();
  }

  private boolean handOn() throws InterruptedException {
    endRun();
    CleanedPiece full = piece;
    piece = new CleanedPiece();
    return !full.isChanged() || taker.take(full);
  }
}
