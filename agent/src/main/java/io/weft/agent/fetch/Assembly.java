package io.weft.agent.fetch;

import io.weft.agent.ahead.ReadAhead;
import io.weft.agent.cache.ChunkSlice;
import io.weft.agent.cache.Chunks;
import io.weft.agent.cache.CorruptObjectException;
import io.weft.agent.fetch.FetchOrder.Want;
import io.weft.agent.fetch.PartitionReader.Permit;
import io.weft.agent.fetch.PartitionReader.Reading;
import io.weft.agent.fetch.ReadPlan.Piece;
import io.weft.agent.fetch.ReadPlan.Read;
import io.weft.agent.fetch.work.OnceFigures;
import io.weft.agent.fetch.work.SideBySide;
import io.weft.storage.file.FilePlace;
import io.weft.storage.object.ObjectStoreException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
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
  private final SharedReadings readings;
  private final Locator locator;
  private final ReadAhead ahead;
  private final SideBySide loads;

  Assembly(
      Chunks chunks, SharedReadings readings, Locator locator, ReadAhead ahead, SideBySide loads) {
    this.chunks = chunks;
    this.readings = readings;
    this.locator = locator;
    this.ahead = ahead;
    this.loads = loads;
  }

  /// @param fetched one per want, in order
  /// @param bytesHeld of all the records refer to
  record Answer(List<Fetched> fetched, long bytesHeld) {}

  Answer answer(FetchOrder order, List<Located> located, ReadPlan plan)
      throws InterruptedException {
    readings.letOldGo();
    Map<FilePlace, ObjectStoreException> failures = load(order, plan);
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
          readOne(order, read, limit, bytes == 0, scope(plan, failures, read, bytes == 0));
      fetched.set(read.index(), outcome.fetched());
      bytes += outcome.bytes();
      bytesHeld += outcome.bytesHeld();
    }
    return new Answer(fetched, bytesHeld);
  }

  /// What a reading may load, in files that are not in memory.
  private record Scope(int loadable, Permit permit) {}

  /// Nothing is loaded that was not planned, except for what the first batch of all needs: the
  /// partition that was to give it may have failed.
  private Scope scope(
      ReadPlan plan, Map<FilePlace, ObjectStoreException> failures, Read read, boolean oneAtLeast) {
    Predicate<FilePlace> mayLoad = mayLoad(plan, read, oneAtLeast);
    return new Scope(
        read.loadable(mayLoad),
        (file, position, length) -> {
          ObjectStoreException failure = failures.get(file);
          if (failure != null) {
            throw failure;
          }
          return mayLoad.test(file) || chunks.holds(file, position, length);
        });
  }

  private static Predicate<FilePlace> mayLoad(ReadPlan plan, Read read, boolean oneAtLeast) {
    return file -> plan.mayLoad(file) || (oneAtLeast && read.isFirst(file));
  }

  private record Outcome(Fetched fetched, int bytes, long bytesHeld) {
    static Outcome failed(Fetched reason) {
      return new Outcome(reason, 0, 0);
    }
  }

  private Outcome readOne(FetchOrder order, Read read, int limit, boolean oneAtLeast, Scope scope)
      throws InterruptedException {
    try {
      Reading reading = readings.read(read, limit, oneAtLeast, scope.loadable(), scope.permit());
      if (reading.records().sizeInBytes() > 0) {
        Want want = read.want();
        ahead.served(want.partition(), want.offset(), reading.end(), read.purpose());
      }
      return outcome(read, reading);
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
  private Outcome readAgain(FetchOrder order, Read old, int limit, boolean oneAtLeast)
      throws InterruptedException {
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
          Scope scope = firstFileOf(read);
          yield outcome(
              read, readings.read(read, limit, oneAtLeast, scope.loadable(), scope.permit()));
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

  private Scope firstFileOf(Read read) {
    return new Scope(
        read.loadable(read::isFirst),
        (file, position, length) -> read.isFirst(file) || chunks.holds(file, position, length));
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

  OnceFigures figures() {
    return readings.figures();
  }

  /// Brings into memory what is not there, one task per file, except for what another fetch is
  /// reading or has just read. That is looked up by what the limits are without other partitions:
  /// where it turns out to be something else, the reading brings what it needs. So it does where
  /// only one piece is to be brought, on this thread all the same.
  ///
  /// @return the files that could not be brought
  private Map<FilePlace, ObjectStoreException> load(FetchOrder order, ReadPlan plan)
      throws InterruptedException {
    SequencedMap<FilePlace, List<Piece>> absent = new LinkedHashMap<>();
    int count = 0;
    for (Map.Entry<FilePlace, List<Piece>> file : plan.loads().entrySet()) {
      for (Piece piece : file.getValue()) {
        if (!chunks.holds(file.getKey(), piece.position(), piece.length())
            && !isShared(order, plan, piece.read())) {
          absent.computeIfAbsent(file.getKey(), place -> new ArrayList<>()).add(piece);
          count++;
        }
      }
    }
    Map<FilePlace, ObjectStoreException> failures = new ConcurrentHashMap<>();
    if (count > 1) {
      List<Runnable> tasks = new ArrayList<>();
      absent.forEach((file, pieces) -> tasks.add(() -> load(file, pieces, failures)));
      loads.run("fetch-load", tasks);
    }
    return failures;
  }

  private boolean isShared(FetchOrder order, ReadPlan plan, Read read) {
    boolean first = read.index() == plan.reads().getFirst().index();
    int limit = Math.min(read.want().bytesMax(), order.bytesMax());
    return readings.has(read, limit, first, read.loadable(mayLoad(plan, read, first)));
  }

  private void load(
      FilePlace file, List<Piece> pieces, Map<FilePlace, ObjectStoreException> failures) {
    try {
      for (Piece piece : pieces) {
        ChunkSlice.releaseAll(
            chunks.read(file, piece.position(), piece.length(), piece.read().purpose()));
      }
    } catch (ObjectStoreException failure) {
      failures.put(file, failure);
    }
  }
}
