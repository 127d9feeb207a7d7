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
import io.weft.agent.memory.Lease;
import io.weft.agent.memory.Leases;
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
  private final ReadAhead ahead;
  private final SideBySide loads;

  Assembly(
      Chunks chunks, PartitionReader reader, Locator locator, ReadAhead ahead, SideBySide loads) {
    this.chunks = chunks;
    this.reader = reader;
    this.locator = locator;
    this.ahead = ahead;
    this.loads = loads;
  }

  /// @param fetched one per want, in order
  /// @param bytesHeld of all the records refer to
  /// @param lease what keeps the records, to be released once they have been used
  record Answer(List<Fetched> fetched, long bytesHeld, Lease lease) {}

  Answer answer(FetchOrder order, List<Located> located, ReadPlan plan)
      throws InterruptedException {
    Leases leases = new Leases();
    boolean isHandedOn = false;
    try {
      Answer answer = answer(order, located, plan, leases);
      isHandedOn = true;
      return answer;
    } finally {
      if (!isHandedOn) {
        leases.release();
      }
    }
  }

  private Answer answer(FetchOrder order, List<Located> located, ReadPlan plan, Leases leases)
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
      Permit permit = permit(plan, failures, read, bytes == 0);
      Outcome outcome = readOne(order, new Task(read, limit, bytes == 0, leases), permit);
      fetched.set(read.index(), outcome.fetched());
      bytes += outcome.bytes();
      bytesHeld += outcome.bytesHeld();
    }
    return new Answer(fetched, bytesHeld, leases);
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

  /// One partition to be read.
  ///
  /// @param bytesMax as [PartitionReader#read] has it, like the next two
  private record Task(Read read, int bytesMax, boolean oneAtLeast, Leases leases) {
    Reading by(PartitionReader reader, Permit permit) {
      return reader.read(read, bytesMax, oneAtLeast, permit, leases);
    }

    Task of(Read another) {
      return new Task(another, bytesMax, oneAtLeast, leases);
    }
  }

  private record Outcome(Fetched fetched, int bytes, long bytesHeld) {
    static Outcome failed(Fetched reason) {
      return new Outcome(reason, 0, 0);
    }
  }

  private Outcome readOne(FetchOrder order, Task task, Permit permit) {
    Read read = task.read();
    try {
      Reading reading = task.by(reader, permit);
      if (reading.records().sizeInBytes() > 0) {
        Want want = read.want();
        ahead.served(want.partition(), want.offset(), reading.end(), read.purpose());
      }
      return outcome(read, reading);
    } catch (ObjectStoreException.NotFound gone) {
      LOG.info("{}: {}; asking where its records are now", read.want(), gone.getMessage());
      return readAgain(order, task);
    } catch (ObjectStoreException failure) {
      return unreadable(read, failure);
    } catch (CorruptObjectException damage) {
      return damaged(read, damage);
    }
  }

  /// After a file was gone: what the control plane says now, once.
  private Outcome readAgain(FetchOrder order, Task task) {
    Read old = task.read();
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
          yield outcome(read, task.of(read).by(reader, firstFileOf(read)));
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
      for (Piece piece : pieces) {
        ChunkSlice.releaseAll(chunks.read(file, piece.position(), piece.length(), piece.purpose()));
      }
    } catch (ObjectStoreException failure) {
      failures.put(file, failure);
    }
  }
}
