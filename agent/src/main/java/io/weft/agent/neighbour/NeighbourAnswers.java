package io.weft.agent.neighbour;

import io.weft.agent.cache.Chunk;
import io.weft.agent.cache.ChunkSlice;
import io.weft.agent.cache.Chunks;
import io.weft.agent.cache.ReadPurpose;
import io.weft.agent.cache.SharedFile;
import io.weft.agent.neighbour.NeighbourLine.Outcome;
import io.weft.environment.Environment;
import io.weft.environment.Pending;
import io.weft.storage.file.FilePlace;
import io.weft.storage.object.ObjectStoreException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Waits for what a neighbour is asked for, and asks the store as well when the answer is late.
/// Thread-safe.
///
/// Late is what takes longer than 19 of 20 answers did lately, and one request of 20 may be made
/// twice: when all answers are slow, the store is not asked for everything.
final class NeighbourAnswers {
  private static final Logger LOG = LoggerFactory.getLogger(NeighbourAnswers.class);

  private final Chunks own;
  private final NearPieces near;
  private final NeighbourFigures.Counts counts;
  private final Environment environment;
  private final NeighbourSettings settings;
  private final AnswerTimes times = new AnswerTimes();
  private final AtomicLong bytesAsked = new AtomicLong();

  NeighbourAnswers(
      Chunks own,
      NearPieces near,
      NeighbourFigures.Counts counts,
      Environment environment,
      NeighbourSettings settings) {
    this.own = own;
    this.near = near;
    this.counts = counts;
    this.environment = environment;
    this.settings = settings;
  }

  /// A range that a reader needs.
  record Wanted(FilePlace place, long position, int length, ReadPurpose purpose) {}

  /// @param slices what was wanted, if it has come
  /// @param isFinal whether no other neighbour is worth asking
  record Answer(Optional<List<ChunkSlice>> slices, boolean isFinal) {}

  /// What comes first.
  private sealed interface First {
    record Told(Outcome outcome) implements First {}

    record FromStore(List<ChunkSlice> slices) implements First {}
  }

  /// Takes room for an answer; without it, neighbours are not asked.
  boolean begin(int length) {
    if (bytesAsked.addAndGet(length) <= settings.askedBytesMax()) {
      return true;
    }
    bytesAsked.addAndGet(-length);
    fellBack();
    return false;
  }

  /// Gives the room back.
  void end(int length) {
    bytesAsked.addAndGet(-length);
  }

  void fellBack() {
    counts.fellBack.incrementAndGet();
  }

  /// @param heldOnly whether the neighbour is to bring nothing for it
  Answer ask(NeighbourLine line, Wanted wanted, boolean heldOnly) throws InterruptedException {
    Optional<SharedFile> known = near.file(wanted.place());
    RangeAsked range =
        new RangeAsked(
            wanted.place().fileId(), wanted.position(), wanted.length(), heldOnly, known.isEmpty());
    Pending<First> first = new Pending<>();
    long askedMs = environment.clock().monotonicMs();
    counts.asked.incrementAndGet();
    line.ask(
        new NeighbourLine.Waiting(
            wanted.place(),
            range,
            known,
            outcome -> take(line, wanted.place(), outcome, askedMs, first)));
    boolean isTaken = false;
    try {
      if (!awaitFirst(wanted, first)) {
        fellBack();
        return new Answer(Optional.empty(), true);
      }
      isTaken = true;
    } finally {
      if (!isTaken) {
        giveUp(first);
      }
    }
    return switch (first.await()) {
      case First.FromStore(List<ChunkSlice> slices) -> new Answer(Optional.of(slices), true);
      case First.Told(Outcome.Brought(Chunk chunk, var _)) ->
          new Answer(Optional.of(List.of(chunk.slice(chunk.position(), chunk.end()))), true);
      case First.Told(Outcome.NotHeld _) -> new Answer(Optional.empty(), false);
      case First.Told(Outcome.Busy _) -> new Answer(Optional.empty(), false);
      case First.Told(Outcome.Slow _) -> new Answer(Optional.empty(), isLate(askedMs));
      case First.Told(Outcome.Failed _) -> new Answer(Optional.empty(), isLate(askedMs));
    };
  }

  /// @return false if nothing has come in time
  private boolean awaitFirst(Wanted wanted, Pending<First> first) throws InterruptedException {
    if (first.awaitMs(environment, Math.min(times.slowMs(), settings.answerMsMax()))) {
      return true;
    }
    if (times.pay()) {
      counts.hedged.incrementAndGet();
      environment.tasks().start("neighbour-hedge", () -> hedge(wanted, first));
    }
    // A line tells what becomes of a range in this time, and half of it again if it had to wait.
    return first.awaitMs(environment, 2 * settings.answerMsMax());
  }

  /// Nothing is taken that comes from now on. What has come this moment is released.
  private static void giveUp(Pending<First> first) {
    if (first.complete(new First.Told(new Outcome.Failed()))) {
      return;
    }
    try {
      switch (first.await()) {
        case First.FromStore(List<ChunkSlice> slices) -> ChunkSlice.releaseAll(slices);
        case First.Told _ -> {}
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /// The reader has waited long enough for neighbours.
  private boolean isLate(long askedMs) {
    boolean late = environment.clock().monotonicMs() - askedMs >= settings.answerMsMax();
    if (late) {
      fellBack();
    }
    return late;
  }

  private void take(
      NeighbourLine line, FilePlace place, Outcome outcome, long askedMs, Pending<First> first) {
    switch (outcome) {
      case Outcome.Brought(Chunk chunk, var file) -> {
        counts.answered.incrementAndGet();
        counts.answeredBytes.addAndGet(chunk.length());
        times.add(place.fileId(), environment.clock().monotonicMs() - askedMs);
        near.keep(chunk, file, line.neighbour().id());
      }
      case Outcome.Busy _ -> counts.busy.incrementAndGet();
      case Outcome.NotHeld _, Outcome.Slow _ -> {}
      // What is known of the file may be what was wrong: the next neighbour is to say it anew.
      case Outcome.Failed _ -> near.forgetFile(place);
    }
    first.complete(new First.Told(outcome));
  }

  private void hedge(Wanted wanted, Pending<First> first) {
    try {
      List<ChunkSlice> slices =
          own.read(wanted.place(), wanted.position(), wanted.length(), wanted.purpose());
      if (!first.complete(new First.FromStore(slices))) {
        ChunkSlice.releaseAll(slices);
      }
    } catch (ObjectStoreException failure) {
      LOG.debug("a second request has failed: {}", failure.getMessage());
    }
  }
}
