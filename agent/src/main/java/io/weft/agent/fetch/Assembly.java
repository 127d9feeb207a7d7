package io.weft.agent.fetch;

import io.weft.agent.cache.Chunks;
import io.weft.agent.cache.CorruptObjectException;
import io.weft.agent.fetch.PartitionReader.Permit;
import io.weft.agent.fetch.PartitionReader.Reading;
import io.weft.agent.fetch.ReadPlan.Piece;
import io.weft.agent.fetch.ReadPlan.Read;
import io.weft.storage.file.FilePlace;
import io.weft.storage.object.ObjectStoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Carries a plan out: brings what is not in memory, a few files at once, then reads the partitions
/// in order, each with what the ones before it have left. Thread-safe.
///
/// A file that is not there any more means that the plan was old: its partition is located once
/// more, by the control plane, and read again. What cannot be read ends the partition's answer;
/// where that would leave it without any records, it is an error of that partition's. It is never
/// skipped, and the other partitions do not see it.
final class Assembly {
  private static final Logger LOG = LoggerFactory.getLogger(Assembly.class);

  private final Chunks chunks;
  private final PartitionReader reader;
  private final Locator locator;
  private final SideBySide loads;

  Assembly(Chunks chunks, PartitionReader reader, Locator locator, SideBySide loads) {
    this.chunks = chunks;
    this.reader = reader;
    this.locator = locator;
    this.loads = loads;
  }

  /// @param fetched one per want, in order
  /// @param bytesHeld of all the records refer to
  record Answer(List<Fetched> fetched, long bytesHeld) {}

  Answer answer(FetchOrder order, List<Located> located, ReadPlan plan)
      throws InterruptedException {
    Map<FilePlace, ObjectStoreException> failures = load(plan.loads());
    List<Fetched> fetched = new ArrayList<>(located.size());
    for (Located each : located) {
      fetched.add(
          switch (each) {
            case Located.Here here -> Fetched.Records.none(here.bounds());
            case Located.Failed(Fetched reason) -> reason;
          });
    }
    long bytes = 0;
    long bytesHeld = 0;
    for (Read read : plan.reads()) {
      int limit = (int) Math.min(read.want().bytesMax(), Math.max(0, order.bytesMax() - bytes));
      Outcome outcome =
          readOne(order, read, limit, bytes == 0, permit(plan, failures, read, bytes == 0));
      fetched.set(read.index(), outcome.fetched());
      bytes += outcome.bytes();
      bytesHeld += outcome.bytesHeld();
    }
    return new Answer(fetched, bytesHeld);
  }

  /// Nothing is loaded that was not planned, except for what the first batch of all needs: the
  /// partition that was to give it may have failed.
  private Permit permit(
      ReadPlan plan, Map<FilePlace, ObjectStoreException> failures, Read read, boolean oneAtLeast) {
    return (file, position, length) -> {
      ObjectStoreException failure = failures.get(file);
      if (failure != null) {
        throw failure;
      }
      return plan.mayLoad(file)
          || (oneAtLeast && read.isFirst(file))
          || chunks.holds(file, position, length);
    };
  }

  private record Outcome(Fetched fetched, int bytes, long bytesHeld) {
    static Outcome failed(Fetched reason) {
      return new Outcome(reason, 0, 0);
    }
  }

  private Outcome readOne(
      FetchOrder order, Read read, int limit, boolean oneAtLeast, Permit permit) {
    try {
      return outcome(read, reader.read(read, limit, oneAtLeast, permit));
    } catch (ObjectStoreException.NotFound gone) {
      LOG.info("{}: {}; asking where its records are now", read.want(), gone.getMessage());
      return readAgain(order, read, limit, oneAtLeast);
    } catch (ObjectStoreException failure) {
      return unreadable(read, failure);
    } catch (CorruptObjectException damage) {
      return damaged(read, damage);
    }
  }

  /// After a file was gone: what the control plane says now, once.
  private Outcome readAgain(FetchOrder order, Read old, int limit, boolean oneAtLeast) {
    List<Located> located = locator.ask(List.of(old.want()), order.bytesMax());
    FetchOrder alone =
        new FetchOrder(List.of(old.want()), order.bytesMax(), 0, 0, order.isolation());
    return switch (located.getFirst()) {
      case Located.Failed(Fetched reason) -> Outcome.failed(reason);
      case Located.Here here -> {
        List<Read> reads = ReadPlan.of(located, alone, 1).reads();
        if (reads.isEmpty()) {
          yield Outcome.failed(Fetched.Records.none(here.bounds()));
        }
        Read read = reads.getFirst();
        try {
          yield outcome(read, reader.read(read, limit, oneAtLeast, firstFileOf(read)));
        } catch (ObjectStoreException.NotFound gone) {
          LOG.error(
              "{}: RECORDS ARE MISSING. A live file is not there: {}",
              read.want(),
              gone.getMessage());
          yield Outcome.failed(new Fetched.Damaged(gone.getMessage()));
        } catch (ObjectStoreException failure) {
          yield unreadable(read, failure);
        } catch (CorruptObjectException damage) {
          yield damaged(read, damage);
        }
      }
    };
  }

  private Permit firstFileOf(Read read) {
    return (file, position, length) -> read.isFirst(file) || chunks.holds(file, position, length);
  }

  private static Outcome outcome(Read read, Reading reading) {
    return new Outcome(
        new Fetched.Records(
            read.bounds(),
            reading.records(),
            read.aborted().stream()
                .filter(range -> range.concerns(read.want().offset(), reading.end()))
                .toList(),
            reading.gaps()),
        reading.records().sizeInBytes(),
        reading.bytesHeld());
  }

  private static Outcome damaged(Read read, CorruptObjectException damage) {
    LOG.warn("{} cannot be read: {}", read.want(), damage.getMessage());
    return Outcome.failed(new Fetched.Damaged(damage.getMessage()));
  }

  private static Outcome unreadable(Read read, ObjectStoreException failure) {
    LOG.warn("{} cannot be read: {}", read.want(), failure.getMessage());
    return Outcome.failed(new Fetched.Unreadable(failure.getMessage()));
  }

  /// Brings into memory what is not there, one task per file.
  ///
  /// @return the files that could not be brought
  private Map<FilePlace, ObjectStoreException> load(SequencedMap<FilePlace, List<Piece>> files)
      throws InterruptedException {
    Map<FilePlace, ObjectStoreException> failures = new ConcurrentHashMap<>();
    List<Runnable> tasks = new ArrayList<>();
    files.forEach(
        (file, pieces) -> {
          List<Piece> absent =
              pieces.stream()
                  .filter(piece -> !chunks.holds(file, piece.position(), piece.length()))
                  .toList();
          if (!absent.isEmpty()) {
            tasks.add(() -> load(file, absent, failures));
          }
        });
    if (!tasks.isEmpty()) {
      loads.run("fetch-load", tasks);
    }
    return failures;
  }

  private void load(
      FilePlace file, List<Piece> pieces, Map<FilePlace, ObjectStoreException> failures) {
    try {
      pieces.forEach(piece -> chunks.read(file, piece.position(), piece.length(), piece.purpose()));
    } catch (ObjectStoreException failure) {
      failures.put(file, failure);
    }
  }
}
