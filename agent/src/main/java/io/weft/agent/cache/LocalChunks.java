package io.weft.agent.cache;

import io.weft.agent.cache.ChunkLoads.Load;
import io.weft.agent.cache.HeldChunks.ChunkId;
import io.weft.agent.cache.HeldChunks.LongFile;
import io.weft.environment.Pending;
import io.weft.storage.bucket.ClusterBucket;
import io.weft.storage.file.ComposedFile;
import io.weft.storage.file.FilePlace;
import io.weft.storage.object.ObjectStoreException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
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
/// A chunk that is no longer held stays alive while an answer still refers to it.
public final class LocalChunks implements Chunks {
  private final CacheSettings settings;
  private final ChunkLoads loads;
  private final ReentrantLock lock = new ReentrantLock();
  private final HeldChunks held;
  private final Map<ChunkId, Pending<Optional<Chunk>>> flights = new HashMap<>();
  private long hits;
  private long loaded;
  private long joined;
  private long failures;
  private long bytesLoaded;
  private long freshFiles;

  public LocalChunks(ClusterBucket bucket, CacheSettings settings) {
    this.settings = settings;
    this.loads = new ChunkLoads(bucket, settings);
    this.held = new HeldChunks(settings.chunkBytes(), settings.bytesMax());
  }

  /// Keeps a file that was just written: its readers here cost no GET. It counts as any chunk and
  /// may be let go, since it can be loaded by now.
  ///
  /// The bytes are copied. The writer's buffers are larger than the file, counted by somebody else,
  /// and may be used again once the file is settled.
  public void keepFresh(FilePlace place, ComposedFile file) {
    if (file.body().length() > Math.min(settings.bytesMax(), Integer.MAX_VALUE - 8)) {
      return;
    }
    Chunk chunk = loads.whole(place, ByteBuffer.wrap(file.body().toBytes()));
    chunk.checked().add(0, chunk.length());
    lock.lock();
    try {
      freshFiles++;
      held.keep(new ChunkId(place, HeldChunks.WHOLE), chunk);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public List<ChunkSlice> read(FilePlace place, long position, int length, ReadPurpose purpose) {
    List<ChunkSlice> slices = new ArrayList<>();
    long end = position + length;
    long at = position;
    while (at < end) {
      Chunk chunk = chunkAt(place, at, end);
      long to = Math.min(end, chunk.end());
      if (to <= at) {
        throw new ObjectStoreException.Rejected(
            "%s ends before byte %d".formatted(place, end), null);
      }
      slices.add(chunk.slice(at, to));
      at = to;
    }
    return slices;
  }

  @Override
  public boolean holds(FilePlace place, long position, int length) {
    lock.lock();
    try {
      long at = position;
      while (at < position + length) {
        Optional<Chunk> chunk = held.at(place, at);
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
          hits, loaded, joined, failures, bytesLoaded, freshFiles, held.bytesHeld(), held.count());
    } finally {
      lock.unlock();
    }
  }

  /// The chunk with the byte at `position`, loaded if need be.
  ///
  /// @param knownEnd a byte before which the file does not end
  private Chunk chunkAt(FilePlace place, long position, long knownEnd) {
    while (true) {
      Optional<Chunk> chunk =
          switch (look(place, position)) {
            case Look.Hit hit -> Optional.of(hit.chunk());
            case Look.Join join -> join(join.flight());
            case Look.Lead lead -> lead(lead, knownEnd);
          };
      if (chunk.isPresent()) {
        return chunk.get();
      }
      // The flight has learnt how long the file is; now the right piece of it can be asked for.
    }
  }

  private Look look(FilePlace place, long position) {
    lock.lock();
    try {
      Optional<Chunk> chunk = held.at(place, position);
      if (chunk.isPresent()) {
        hits++;
        return new Look.Hit(chunk.get());
      }
      Optional<LongFile> file = held.longFile(place);
      ChunkId id = new ChunkId(place, file.isPresent() ? held.indexOf(position) : HeldChunks.WHOLE);
      Pending<Optional<Chunk>> flight = flights.get(id);
      if (flight != null) {
        joined++;
        return new Look.Join(flight);
      }
      flight = new Pending<>();
      flights.put(id, flight);
      return new Look.Lead(id, file, flight);
    } finally {
      lock.unlock();
    }
  }

  private static Optional<Chunk> join(Pending<Optional<Chunk>> flight) {
    try {
      return flight.await();
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new ObjectStoreException.Unavailable("interrupted while a chunk came", interrupted);
    }
  }

  /// Loads for every thread that waits. Whatever happens, they are told.
  private Optional<Chunk> lead(Look.Lead lead, long knownEnd) {
    ChunkId id = lead.id();
    Optional<Load> landed = Optional.empty();
    try {
      landed =
          Optional.of(
              lead.file().isEmpty()
                  ? loads.whole(id.place(), knownEnd)
                  : loads.piece(id, lead.file().get()));
      return chunkOf(landed.get());
    } catch (ObjectStoreException failure) {
      lead.flight().fail(failure);
      throw failure;
    } finally {
      settle(id, landed);
      landed.ifPresent(load -> lead.flight().complete(chunkOf(load)));
      lead.flight().fail(new IllegalStateException("a load of chunk " + id + " has ended early"));
    }
  }

  private void settle(ChunkId id, Optional<Load> landed) {
    lock.lock();
    try {
      flights.remove(id);
      if (landed.isEmpty()) {
        failures++;
        return;
      }
      switch (landed.get()) {
        case Load.Longer(LongFile file) -> held.remember(id.place(), file);
        case Load.Brought(Chunk chunk) -> {
          loaded++;
          bytesLoaded += chunk.length();
          held.keep(id, chunk);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private static Optional<Chunk> chunkOf(Load load) {
    return switch (load) {
      case Load.Brought(Chunk chunk) -> Optional.of(chunk);
      case Load.Longer longer -> Optional.empty();
    };
  }

  /// What a look for a chunk finds: the chunk; a thread that loads it; or that the looker has to
  /// load it. A flight ends empty if it has only learnt the file's length.
  private sealed interface Look {
    record Hit(Chunk chunk) implements Look {}

    record Join(Pending<Optional<Chunk>> flight) implements Look {}

    /// @param file if it is known to be longer than one chunk
    record Lead(ChunkId id, Optional<LongFile> file, Pending<Optional<Chunk>> flight)
        implements Look {}
  }
}
