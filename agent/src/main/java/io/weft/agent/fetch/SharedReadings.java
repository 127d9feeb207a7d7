package io.weft.agent.fetch;

import io.weft.agent.cache.CorruptObjectException;
import io.weft.agent.cache.ReadPurpose;
import io.weft.agent.fetch.Located.Place;
import io.weft.agent.fetch.PartitionReader.Permit;
import io.weft.agent.fetch.PartitionReader.Reading;
import io.weft.agent.fetch.ReadPlan.Read;
import io.weft.agent.fetch.work.OnceFigures;
import io.weft.agent.fetch.work.OnceForAll;
import io.weft.agent.fetch.work.OnceForAll.Made;
import io.weft.model.PartitionId;
import io.weft.model.Span;
import io.weft.storage.object.ObjectStoreException;
import java.util.List;

/// Readings of partitions, each made once for all fetches that ask for the same at the same time.
/// Thread-safe.
///
/// The same are the spans, the offsets, the limit and what may be loaded; what an answer says
/// besides (bounds, aborted transactions) is of each fetch's own plan. A reading follows from these
/// alone, since files never change and their ids are never used again: so it is as right for the
/// fetch that comes a moment later. Only what readers near the end of a log get stays that long,
/// and only what no failure has cut short.
///
/// What cannot be read now, or is damaged, is the answer to all that waited for it. A reader that
/// was interrupted meanwhile has found nothing out.
final class SharedReadings {
  private final PartitionReader reader;
  private final OnceForAll<Key, Outcome> readings;

  SharedReadings(PartitionReader reader, OnceForAll<Key, Outcome> readings) {
    this.reader = reader;
    this.readings = readings;
  }

  /// What a reading follows from.
  ///
  /// @param bytesMax only where it makes a difference, as all below
  /// @param loadable how many of the first spans need not be in memory
  record Key(
      PartitionId partition,
      List<Span> spans,
      Place start,
      long offset,
      long end,
      ReadPurpose purpose,
      int bytesMax,
      boolean oneAtLeast,
      int loadable) {
    static Key of(Read read, int bytesMax, boolean oneAtLeast, int loadable) {
      return new Key(
          read.want().partition(),
          read.spans(),
          read.start(),
          read.want().offset(),
          read.end(),
          read.purpose(),
          PartitionReader.letsAllIn(read, bytesMax) ? Integer.MAX_VALUE : bytesMax,
          oneAtLeast && read.bytes() > bytesMax,
          loadable);
    }
  }

  sealed interface Outcome {
    record Done(Reading reading) implements Outcome {}

    record Unreadable(ObjectStoreException failure) implements Outcome {}

    record Damaged(CorruptObjectException damage) implements Outcome {}
  }

  /// As [PartitionReader#read], if need be by another thread.
  ///
  /// @param permit allows what lies in the first `loadable` spans
  Reading read(Read read, int bytesMax, boolean oneAtLeast, int loadable, Permit permit)
      throws InterruptedException {
    Key key = Key.of(read, bytesMax, oneAtLeast, loadable);
    return switch (readings.get(key, () -> make(read, bytesMax, oneAtLeast, permit))) {
      case Outcome.Done(Reading reading) -> reading;
      case Outcome.Unreadable(ObjectStoreException failure) -> throw failure;
      case Outcome.Damaged(CorruptObjectException damage) -> throw damage;
    };
  }

  /// Whether [#read] would have nothing to load, now.
  boolean has(Read read, int bytesMax, boolean oneAtLeast, int loadable) {
    return readings.has(Key.of(read, bytesMax, oneAtLeast, loadable));
  }

  /// Frees the memory of readings that nobody gets any more.
  void letOldGo() {
    readings.letOldGo();
  }

  OnceFigures figures() {
    return readings.figures();
  }

  private Made<Outcome> make(Read read, int bytesMax, boolean oneAtLeast, Permit permit) {
    try {
      Reading reading = reader.read(read, bytesMax, oneAtLeast, permit);
      boolean stays =
          read.purpose() == ReadPurpose.TAIL
              && !reading.isCutShort()
              && reading.records().sizeInBytes() > 0;
      return new Made<>(new Outcome.Done(reading), reading.bytesHeld(), stays);
    } catch (ObjectStoreException failure) {
      if (Thread.currentThread().isInterrupted()) {
        throw failure;
      }
      return new Made<>(new Outcome.Unreadable(failure), 0, false);
    } catch (CorruptObjectException damage) {
      return new Made<>(new Outcome.Damaged(damage), 0, false);
    }
  }
}
