package io.weft.agent.cache;

import io.weft.agent.cache.ChunkLoads.Brought;
import io.weft.agent.cache.HeldChunks.ChunkId;
import io.weft.agent.cache.HeldChunks.LongFile;
import io.weft.agent.cache.HeldChunks.Room;
import io.weft.agent.memory.PagePool;
import io.weft.agent.memory.Pages;
import io.weft.environment.Pending;
import io.weft.protocol.record.GatheredBytes;
import io.weft.storage.bucket.ClusterBucket;
import io.weft.storage.file.ComposedFile;
import io.weft.storage.file.FilePlace;
import io.weft.storage.object.ObjectStoreException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// This agent's own chunks, over the object store. Thread-safe.
///
/// **Single flight.** The first reader that misses a chunk loads it, on its own thread; readers
/// that ask for it meanwhile wait for that load and share its outcome, good or bad. A failure is
/// not remembered.
///
/// **Memory.** Chunks lie outside the heap, in pages ([PagePool]) that are theirs until no reader
/// holds them. What is loaded is on the heap until it has been copied there. Where no page is free,
/// since readers hold too many, nothing waits: what was loaded serves those that wait for it from
/// the heap, and is not kept.
public final class LocalChunks implements Chunks {
  private final CacheSettings settings;
  private final ChunkLoads loads;
  private final PagePool pool;
  private final ReentrantLock lock = new ReentrantLock();
  private final HeldChunks held;
  private final Map<ChunkId, Flight> flights = new HashMap<>();
  private long hits;
  private final Map<ReadPurpose, Long> loadsFor = new EnumMap<>(ReadPurpose.class);
  private long joined;
  private long failures;
  private long bytesLoaded;
  private long freshFiles;

  public LocalChunks(ClusterBucket bucket, CacheSettings settings) {
    this.settings = settings;
    this.loads = new ChunkLoads(bucket, settings);
    this.pool = new PagePool(settings.bytesMax(), settings.pageBytes());
    this.held = new HeldChunks(settings, pool);
  }

  /// Keeps a file that was just written: its readers here cost no GET. It counts as any chunk and
  /// may be let go, since it can be loaded by now.
  ///
  /// The bytes are copied, once. The writer's buffers are larger than the file, counted by somebody
  /// else, and may be used again once the file is settled.
  public void keepFresh(FilePlace place, ComposedFile file) {
    if (file.body().length() > Math.min(settings.bytesMax(), Integer.MAX_VALUE - 8)) {
      return;
    }
    int length = (int) file.body().length();
    FileCheck check = loads.checkOf(place, file);
    Optional<Room> room;
    lock.lock();
    try {
      room = held.makeRoom(new ChunkId(place, HeldChunks.WHOLE), length, check.sizeInBytes(), true);
    } finally {
      lock.unlock();
    }
    if (room.isEmpty()) {
      return;
    }
    Pages pages = room.get().pages();
    try {
      pages.fill(file.body().slices());
      Chunk chunk = Chunk.inPages(place, 0, pages, check);
      chunk.checked().add(0, length);
      lock.lock();
      try {
        freshFiles++;
        held.fill(room.get(), chunk);
      } finally {
        lock.unlock();
      }
    } finally {
      pages.release();
    }
  }

  @Override
  public List<ChunkSlice> read(FilePlace place, long position, int length, ReadPurpose purpose) {
    List<ChunkSlice> slices = new ArrayList<>();
    boolean isWhole = false;
    try {
      long end = position + length;
      long at = position;
      while (at < end) {
        ChunkSlice slice = sliceAt(place, at, end, purpose);
        slices.add(slice);
        at = slice.to();
      }
      isWhole = true;
      return slices;
    } finally {
      if (!isWhole) {
        ChunkSlice.releaseAll(slices);
      }
    }
  }

  @Override
  public boolean holds(FilePlace place, long position, int length) {
    lock.lock();
    try {
      long at = position;
      while (at < position + length) {
        Optional<Chunk> chunk = held.peek(place, at);
        if (chunk.isEmpty() || chunk.get().end() <= at) {
          return false;
        }
        at = chunk.get().end();
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void drop(List<ChunkSlice> damaged) {
    lock.lock();
    try {
      damaged.forEach(slice -> held.drop(slice.chunk()));
    } finally {
      lock.unlock();
    }
  }

  public CacheFigures figures() {
    lock.lock();
    try {
      return new CacheFigures(
          hits,
          loadsFor.values().stream().mapToLong(Long::longValue).sum(),
          joined,
          failures,
          bytesLoaded,
          freshFiles,
          held.notKept(),
          held.bytesHeld(),
          held.count(),
          pool.figures(),
          held.bytesOnlyReaders(),
          Map.copyOf(loadsFor));
    } finally {
      lock.unlock();
    }
  }

  /// What the chunk with the byte at `at` has of what comes before `end`, loaded if need be.
  ///
  /// @param end a byte before which the file does not end
  private ChunkSlice sliceAt(FilePlace place, long at, long end, ReadPurpose purpose) {
    while (true) {
      Optional<ChunkSlice> slice =
          switch (look(place, at, end, purpose)) {
            case Look.Hit(ChunkSlice hit) -> Optional.of(hit);
            case Look.Join(Flight flight) -> join(flight, at, end);
            case Look.Lead lead -> lead(lead, at, end);
          };
      if (slice.isPresent()) {
        return slice.get();
      }
      // The flight has learnt how long the file is, and brought another piece of it; now the right
      // one can be asked for.
    }
  }

  /// @param chunk something keeps its bytes
  private static ChunkSlice cut(Chunk chunk, long at, long end) {
    long to = Math.min(end, chunk.end());
    if (to <= at) {
      throw new ObjectStoreException.Rejected(
          "%s ends before byte %d".formatted(chunk.place(), end), null);
    }
    return chunk.slice(at, to);
  }

  private Look look(FilePlace place, long at, long end, ReadPurpose purpose) {
    lock.lock();
    try {
      Optional<Chunk> chunk = held.peek(place, at);
      if (chunk.isPresent()) {
        hits++;
        Look hit = new Look.Hit(cut(chunk.get(), at, end));
        held.use(place, at, purpose);
        return hit;
      }
      Optional<LongFile> file = held.longFile(place);
      ChunkId id = new ChunkId(place, file.isPresent() ? held.indexOf(at) : HeldChunks.WHOLE);
      Flight flight = flights.get(id);
      if (flight != null) {
        joined++;
        flight.join(purpose);
        return new Look.Join(flight);
      }
      flight = new Flight(purpose);
      flights.put(id, flight);
      return new Look.Lead(id, file, flight);
    } finally {
      lock.unlock();
    }
  }

  private Optional<ChunkSlice> join(Flight flight, long at, long end) {
    try {
      return flight.landing().await().sliceAt(at, end);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new ObjectStoreException.Unavailable("interrupted while a chunk came", interrupted);
    } finally {
      leave(flight);
    }
  }

  /// Loads for every thread that waits. Whatever happens, they are told.
  private Optional<ChunkSlice> lead(Look.Lead lead, long at, long end) {
    try {
      return load(lead, at, end).sliceAt(at, end);
    } finally {
      leave(lead.flight());
    }
  }

  private Landed load(Look.Lead lead, long at, long end) {
    ChunkId id = lead.id();
    Flight flight = lead.flight();
    Optional<Landed> landed = Optional.empty();
    try {
      landed =
          Optional.of(
              loads.permitted(
                  flight.purpose,
                  () ->
                      keep(
                          lead,
                          lead.file().isEmpty()
                              ? loads.first(flight.purpose, id.place(), at, end)
                              : loads.piece(flight.purpose, id, lead.file().get()))));
      return landed.get();
    } catch (ObjectStoreException failure) {
      flight.landing().fail(failure);
      throw failure;
    } finally {
      if (landed.isEmpty()) {
        settleFailure(id);
      }
      landed.ifPresent(flight.landing()::complete);
      flight.landing().fail(new IllegalStateException("a load of " + id + " has ended early"));
    }
  }

  private void settleFailure(ChunkId id) {
    lock.lock();
    try {
      flights.remove(id);
      failures++;
    } finally {
      lock.unlock();
    }
  }

  /// Copies what was brought to where it is kept, if it is.
  private Landed keep(Look.Lead lead, Brought brought) {
    Flight flight = lead.flight();
    ChunkId id = brought.id();
    Optional<Room> room;
    boolean inserts;
    lock.lock();
    try {
      inserts = flight.inserts;
      room = held.makeRoom(id, brought.bytes().remaining(), brought.check().sizeInBytes(), inserts);
      flight.pages = room.map(Room::pages);
    } finally {
      lock.unlock();
    }
    room.ifPresent(it -> it.pages().fill(List.of(brought.bytes())));
    Chunk chunk = room.map(it -> inPages(brought, it.pages())).orElseGet(() -> onHeap(brought));
    lock.lock();
    try {
      flights.remove(lead.id());
      loadsFor.merge(flight.purpose, 1L, Long::sum);
      bytesLoaded += chunk.length();
      brought.longer().ifPresent(file -> held.remember(id.place(), file));
      room.ifPresent(it -> held.fill(it, chunk));
      if (flight.inserts && !inserts) {
        held.use(id.place(), chunk.position(), ReadPurpose.TAIL);
      }
    } finally {
      lock.unlock();
    }
    return new Landed(chunk, brought.longer().isPresent());
  }

  private static Chunk inPages(Brought brought, Pages pages) {
    return Chunk.inPages(brought.id().place(), brought.position(), pages, brought.check());
  }

  /// What was asked for beyond the piece does not stay with it.
  @SuppressWarnings("ByteBufferBackingArray") // It is asked for its size alone.
  private static Chunk onHeap(Brought brought) {
    ByteBuffer bytes = brought.bytes();
    if (bytes.hasArray() && bytes.array().length > bytes.remaining()) {
      bytes = ByteBuffer.allocate(bytes.remaining()).put(bytes.duplicate()).flip();
    }
    return Chunk.onHeap(
        brought.id().place(), brought.position(), GatheredBytes.of(bytes), brought.check());
  }

  /// A reader of a flight has its slice, or gives up; the last one lets the flight's hold go.
  private void leave(Flight flight) {
    Optional<Pages> over;
    lock.lock();
    try {
      flight.readers--;
      over = flight.readers == 0 ? flight.pages : Optional.empty();
    } finally {
      lock.unlock();
    }
    over.ifPresent(Pages::release);
  }

  /// What a look for a chunk finds: the chunk; a thread that loads it; or that the looker has to
  /// load it.
  private sealed interface Look {
    record Hit(ChunkSlice slice) implements Look {}

    record Join(Flight flight) implements Look {}

    /// @param file if it is known to be longer than one chunk
    record Lead(ChunkId id, Optional<LongFile> file, Flight flight) implements Look {}
  }

  /// What a flight has brought, kept until all its readers have their slices.
  ///
  /// @param isPiece whether it is a piece of a file that has turned out to be longer
  private record Landed(Chunk chunk, boolean isPiece) {
    /// Empty if it is another piece than the one with the byte at `at`; a short file is its own
    /// only one.
    Optional<ChunkSlice> sliceAt(long at, long end) {
      boolean isThere = !isPiece || (chunk.position() <= at && at < chunk.end());
      return isThere ? Optional.of(cut(chunk, at, end)) : Optional.empty();
    }
  }

  /// A load under way. Guarded by the lock, but for [#landing()], which is thread-safe.
  private static final class Flight {
    private final Pending<Landed> landing = new Pending<>();
    private final ReadPurpose purpose;
    private boolean inserts;

    /// Those that wait for it, and the one that loads. Once it has landed none is added.
    private int readers;

    private Optional<Pages> pages = Optional.empty();

    Flight(ReadPurpose purpose) {
      this.purpose = purpose;
      join(purpose);
    }

    /// What is brought is kept for others if one of those that wait for it reads for such a
    /// purpose.
    void join(ReadPurpose another) {
      inserts |= another.inserts();
      readers++;
    }

    Pending<Landed> landing() {
      return landing;
    }
  }
}
