package io.weft.agent.ahead;

import io.weft.agent.cache.ChunkSlice;
import io.weft.agent.cache.Chunks;
import io.weft.agent.cache.ReadPurpose;
import io.weft.agent.memory.ByteBudget;
import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.ExtentIndex;
import io.weft.controlplane.api.ExtentIndex.ExtentQuery;
import io.weft.controlplane.api.ExtentIndex.ExtentsFound;
import io.weft.environment.Environment;
import io.weft.model.Extent;
import io.weft.model.Marker;
import io.weft.model.PartitionId;
import io.weft.model.Span;
import io.weft.storage.object.ObjectStoreException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads ahead of readers far behind the end of a log. Thread-safe; no call waits.
///
/// A reader is known by where its next fetch should begin: whichever connection it comes by, a
/// fetch that begins where one ended is its next one. One that jumps or goes is forgotten, and what
/// was not begun for it is not brought.
///
/// Loads under way at once: one more after as many have succeeded, half as many after one that the
/// store could not answer. What does not fit into the bytes for all readers is not waited for.
public final class ReadAhead {
  private static final Logger LOG = LoggerFactory.getLogger(ReadAhead.class);

  private final ExtentIndex extents;
  private final Chunks chunks;
  private final Environment environment;
  private final AheadSettings settings;
  private final ByteBudget budget;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition loadEnded = lock.newCondition();

  /// Least recently served first.
  private final LinkedHashMap<Place, SequentialReader> readers = new LinkedHashMap<>();

  /// Without it, readers near the end need not take the lock.
  private volatile boolean anyRemembered;

  private int loadsAllowed = 1;
  private int loadsRunning;
  private int loadsInRow;
  private long bytes;
  private long bytesUsed;
  private long bytesUnused;

  /// Where a reader's next fetch begins.
  private record Place(PartitionId partition, long offset) {}

  public ReadAhead(
      ExtentIndex extents, Chunks chunks, Environment environment, AheadSettings settings) {
    this.extents = extents;
    this.chunks = chunks;
    this.environment = environment;
    this.settings = settings;
    this.budget = new ByteBudget(settings.bytesMax());
  }

  /// Says that a reader got a partition's records from one offset up to another, not included.
  ///
  /// @param purpose what they were read for: only ahead of readers that catch up is read
  public void served(PartitionId partition, long from, long end, ReadPurpose purpose) {
    if (settings.bytesMax() < settings.chunkBytes()
        || (purpose != ReadPurpose.CATCH_UP && !anyRemembered)) {
      return;
    }
    Optional<SequentialReader> planned;
    lock.lock();
    try {
      planned = serve(partition, from, end, purpose);
      anyRemembered = !readers.isEmpty();
    } finally {
      lock.unlock();
    }
    planned.ifPresent(
        reader -> environment.tasks().start("read-ahead", () -> planAndBring(reader)));
  }

  public AheadFigures figures() {
    lock.lock();
    try {
      return new AheadFigures(bytes, bytesUsed, bytesUnused, budget.bytesHeld(), readers.size());
    } finally {
      lock.unlock();
    }
  }

  /// @return the reader, if a thread has to be started that plans for it
  private Optional<SequentialReader> serve(
      PartitionId partition, long from, long end, ReadPurpose purpose) {
    long nowMs = environment.clock().monotonicMs();
    letIdleGo(nowMs);
    Optional<SequentialReader> known =
        Optional.ofNullable(readers.remove(new Place(partition, from)));
    known.ifPresent(reader -> advance(reader, end));
    boolean catchesUp = purpose == ReadPurpose.CATCH_UP;
    if (!catchesUp && known.filter(SequentialReader::hasPieces).isEmpty()) {
      known.ifPresent(this::letGo);
      return Optional.empty();
    }
    SequentialReader reader = known.orElseGet(() -> new SequentialReader(partition, settings));
    reader.moveTo(end, nowMs);
    Optional.ofNullable(readers.put(new Place(partition, end), reader)).ifPresent(this::letGo);
    if (readers.size() > settings.readersMax()) {
      letGo(readers.pollFirstEntry().getValue());
    }
    return known.filter(mine -> catchesUp && mine.wantPlan());
  }

  private void advance(SequentialReader reader, long end) {
    bytesUsed += reader.release(piece -> piece.isBehind(end));
    long letGo =
        reader.release(
            piece -> piece.isBrought() && piece.isBefore(end) && !piece.isHeldBy(chunks));
    bytesUnused += letGo;
    if (letGo > 0) {
      reader.shrink();
    } else {
      reader.grow();
    }
  }

  private void letIdleGo(long nowMs) {
    while (!readers.isEmpty()
        && nowMs - readers.firstEntry().getValue().seenMs() > settings.idleMs()) {
      letGo(readers.pollFirstEntry().getValue());
    }
  }

  private void letGo(SequentialReader reader) {
    reader.go();
    bytesUnused += reader.release(piece -> true);
    loadEnded.signalAll();
  }

  private void planAndBring(SequentialReader reader) {
    while (takePlan(reader)) {
      try {
        bring(reader, spansAhead(reader));
      } catch (ControlPlaneException failure) {
        LOG.debug("Nothing is read ahead of {}: {}", reader.partition(), failure.getMessage());
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private boolean takePlan(SequentialReader reader) {
    lock.lock();
    try {
      return reader.takePlan();
    } finally {
      lock.unlock();
    }
  }

  private void bring(SequentialReader reader, List<Span> spans) throws InterruptedException {
    for (Span span : spans) {
      boolean goesOn =
          switch (span) {
            case Extent extent -> bring(reader, extent);
            case Marker marker -> true;
          };
      if (!goesOn) {
        return;
      }
    }
  }

  private List<Span> spansAhead(SequentialReader reader) {
    ExtentQuery query;
    lock.lock();
    try {
      int bytesMax = Math.clamp(reader.bytesMissing(), 1, Integer.MAX_VALUE);
      query = new ExtentQuery(reader.partition(), reader.aheadOffset(), bytesMax);
    } finally {
      lock.unlock();
    }
    return switch (extents.find(List.of(query)).getFirst()) {
      case ExtentsFound.Found found -> found.spans();
      case ExtentsFound.OutOfRange outOfRange -> List.of();
      case ExtentsFound.UnknownPartition unknown -> List.of();
    };
  }

  /// Begins the loads of an extent, piece by piece, as soon as each may.
  ///
  /// @return false if nothing more is to be begun for this reader now
  private boolean bring(SequentialReader reader, Extent extent) throws InterruptedException {
    long end = extent.position() + extent.length();
    for (long at = extent.position(); at < end; ) {
      long chunkEnd = (at / settings.chunkBytes() + 1) * settings.chunkBytes();
      int length = (int) (Math.min(end, chunkEnd) - at);
      Optional<AheadPiece> piece = begin(reader, extent, at, length);
      if (piece.isEmpty()) {
        return false;
      }
      environment.tasks().start("read-ahead-load", () -> load(reader, piece.get()));
      at += length;
    }
    return true;
  }

  /// Waits until one more load may begin.
  ///
  /// @return empty if the reader has gone or come to the extent by itself, or the bytes do not fit
  private Optional<AheadPiece> begin(
      SequentialReader reader, Extent extent, long position, int length)
      throws InterruptedException {
    lock.lock();
    try {
      while (loadsRunning >= loadsAllowed && !reader.hasGone()) {
        loadEnded.await();
      }
      if (reader.hasGone() || extent.baseOffset() < reader.offset()) {
        return Optional.empty();
      }
      Optional<AheadPiece> piece =
          budget.tryAcquire(length).map(share -> new AheadPiece(extent, position, length, share));
      piece.ifPresent(
          begun -> {
            reader.add(begun);
            reader.reach(extent.lastOffset() + 1);
            loadsRunning++;
          });
      return piece;
    } finally {
      lock.unlock();
    }
  }

  private void load(SequentialReader reader, AheadPiece piece) {
    boolean isBrought = false;
    try {
      ChunkSlice.releaseAll(
          chunks.read(piece.file(), piece.position(), piece.length(), ReadPurpose.READ_AHEAD));
      isBrought = true;
    } catch (ObjectStoreException failure) {
      LOG.debug("{} is not read ahead: {}", piece.file(), failure.getMessage());
    } finally {
      settle(reader, piece, isBrought);
    }
  }

  private void settle(SequentialReader reader, AheadPiece piece, boolean isBrought) {
    lock.lock();
    try {
      loadsRunning--;
      if (isBrought) {
        bytes += piece.length();
        piece.bring();
        if (!reader.has(piece)) {
          // The reader came while the piece was on its way, or went.
          bytesUsed += reader.hasGone() ? 0 : piece.length();
          bytesUnused += reader.hasGone() ? piece.length() : 0;
        }
        loadsInRow++;
        if (loadsInRow >= loadsAllowed && loadsAllowed < settings.loadsMax()) {
          loadsAllowed++;
          loadsInRow = 0;
        }
      } else {
        loadsAllowed = Math.max(1, loadsAllowed / 2);
        loadsInRow = 0;
        reader.shrink();
        if (reader.remove(piece)) {
          piece.release();
        }
      }
      loadEnded.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
