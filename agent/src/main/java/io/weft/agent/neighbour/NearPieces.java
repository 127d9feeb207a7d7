package io.weft.agent.neighbour;

import io.weft.agent.cache.Chunk;
import io.weft.agent.cache.SharedFile;
import io.weft.environment.Clock;
import io.weft.environment.Pending;
import io.weft.model.AgentId;
import io.weft.storage.file.FilePlace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;

/// What neighbours have sent in the last seconds, and what is on its way from them: many readers of
/// this agent ask a neighbour once. Thread-safe.
///
/// Pieces go in the order in which they came, once their time is over or there are too many bytes.
/// What a file says of itself is counted once, for as long as it is remembered, and its pieces go
/// with it; a piece that came with a copy of its own counts that too.
final class NearPieces {
  /// Files whose footers are remembered, at most, and the bytes of these.
  private static final int FILES_MAX = 10_000;

  private static final long FOOTER_BYTES_MAX = 4 << 20;

  private final Clock clock;
  private final long keptMs;
  private final long bytesMax;
  private final ReentrantLock lock = new ReentrantLock();

  /// By where they begin in their file.
  private final Map<FilePlace, TreeMap<Long, Chunk>> byFile = new HashMap<>();

  /// In the order in which they came.
  private final LinkedHashMap<Chunk, Origin> pieces = new LinkedHashMap<>();

  private final LinkedHashMap<FilePlace, SharedFile> files = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<FilePlace, List<Flight>> flights = new HashMap<>();
  private long bytes;
  private long footerBytes;

  /// @param bytes that the piece keeps
  private record Origin(AgentId agent, long untilMs, long bytes) {}

  /// A range that a reader brings for all that need it.
  ///
  /// @param landed comes, true or not, when its reader has it or cannot get it
  record Flight(FilePlace place, long from, long to, Pending<Boolean> landed) {}

  /// What a look for a byte finds.
  sealed interface Look {
    record Here(Chunk chunk) implements Look {}

    record Coming(Flight flight) implements Look {}

    /// The reader that looked has to bring it, and to say so with [#land].
    record Absent(Flight flight) implements Look {}
  }

  NearPieces(Clock clock, long keptMs, long bytesMax) {
    this.clock = clock;
    this.keptMs = keptMs;
    this.bytesMax = bytesMax;
  }

  /// @param position the byte that is needed
  /// @param end what to bring, at most, if it is absent
  Look look(FilePlace place, long position, long end) {
    lock.lock();
    try {
      expire();
      Optional<Chunk> here = at(place, position);
      if (here.isPresent()) {
        return new Look.Here(here.get());
      }
      for (Flight flight : flights.getOrDefault(place, List.of())) {
        if (flight.from() <= position && flight.to() > position) {
          return new Look.Coming(flight);
        }
      }
      Flight flight = new Flight(place, position, end, new Pending<>());
      flights.computeIfAbsent(place, _ -> new ArrayList<>()).add(flight);
      return new Look.Absent(flight);
    } finally {
      lock.unlock();
    }
  }

  /// A flight is over; no effect if it was before.
  void land(Flight flight, boolean brought) {
    lock.lock();
    try {
      List<Flight> ofFile = flights.get(flight.place());
      if (ofFile != null && ofFile.remove(flight) && ofFile.isEmpty()) {
        flights.remove(flight.place());
      }
    } finally {
      lock.unlock();
    }
    flight.landed().complete(brought);
  }

  boolean covers(FilePlace place, long from, long to) {
    lock.lock();
    try {
      expire();
      long reached = from;
      while (reached < to) {
        Optional<Chunk> chunk = at(place, reached);
        if (chunk.isEmpty()) {
          return false;
        }
        reached = chunk.get().end();
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /// What is known of a file.
  Optional<SharedFile> file(FilePlace place) {
    lock.lock();
    try {
      return Optional.ofNullable(files.get(place));
    } finally {
      lock.unlock();
    }
  }

  /// Keeps what a neighbour has sent.
  void keep(Chunk chunk, SharedFile file, AgentId from) {
    lock.lock();
    try {
      expire();
      long kept = (long) chunk.length() + remember(chunk.place(), file);
      if (kept > bytesMax) {
        return;
      }
      Chunk before =
          byFile.computeIfAbsent(chunk.place(), _ -> new TreeMap<>()).put(chunk.position(), chunk);
      if (before != null) {
        bytes -= pieces.remove(before).bytes();
      }
      pieces.put(chunk, new Origin(from, clock.monotonicMs() + keptMs, kept));
      bytes += kept;
      while (bytes > bytesMax) {
        remove(pieces.firstEntry().getKey());
      }
    } finally {
      lock.unlock();
    }
  }

  /// Lets a piece go that is damaged, with all of its file and what that was said to be.
  ///
  /// @return the agent that has sent it, if it is still known
  Optional<AgentId> drop(Chunk chunk) {
    lock.lock();
    try {
      Optional<AgentId> from = Optional.ofNullable(pieces.get(chunk)).map(Origin::agent);
      forget(chunk.place());
      return from;
    } finally {
      lock.unlock();
    }
  }

  /// What a file was said to be is no longer believed.
  void forgetFile(FilePlace place) {
    lock.lock();
    try {
      forget(place);
    } finally {
      lock.unlock();
    }
  }

  private Optional<Chunk> at(FilePlace place, long position) {
    TreeMap<Long, Chunk> ofFile = byFile.get(place);
    return Optional.ofNullable(ofFile == null ? null : ofFile.floorEntry(position))
        .map(Map.Entry::getValue)
        .filter(chunk -> chunk.end() > position);
  }

  /// @return bytes of the file that a piece of it keeps besides those that are counted here
  @SuppressWarnings("ReferenceEquality") // It is the memory that counts, not what is in it.
  private int remember(FilePlace place, SharedFile file) {
    SharedFile known = files.putIfAbsent(place, file);
    if (known != null) {
      return known == file ? 0 : file.sizeInBytes();
    }
    footerBytes += file.sizeInBytes();
    while (files.size() > FILES_MAX || (footerBytes > FOOTER_BYTES_MAX && files.size() > 1)) {
      forget(files.firstEntry().getKey());
    }
    return 0;
  }

  private void forget(FilePlace place) {
    SharedFile file = files.remove(place);
    footerBytes -= file == null ? 0 : file.sizeInBytes();
    List.copyOf(byFile.getOrDefault(place, new TreeMap<>()).values()).forEach(this::remove);
  }

  private void expire() {
    long nowMs = clock.monotonicMs();
    Iterator<Map.Entry<Chunk, Origin>> oldest = pieces.entrySet().iterator();
    List<Chunk> over = new ArrayList<>();
    while (oldest.hasNext()) {
      Map.Entry<Chunk, Origin> each = oldest.next();
      if (each.getValue().untilMs() > nowMs) {
        break;
      }
      over.add(each.getKey());
    }
    over.forEach(this::remove);
  }

  private void remove(Chunk chunk) {
    Origin origin = pieces.remove(chunk);
    if (origin == null) {
      return;
    }
    bytes -= origin.bytes();
    TreeMap<Long, Chunk> ofFile = byFile.get(chunk.place());
    ofFile.remove(chunk.position(), chunk);
    if (ofFile.isEmpty()) {
      byFile.remove(chunk.place());
    }
  }
}
