package io.weft.agent.neighbour;

import io.weft.agent.cache.Chunk;
import io.weft.agent.cache.ChunkSlice;
import io.weft.agent.cache.Chunks;
import io.weft.agent.cache.ReadPurpose;
import io.weft.agent.neighbour.NearPieces.Flight;
import io.weft.agent.neighbour.NearPieces.Look;
import io.weft.agent.neighbour.Neighbours.View;
import io.weft.environment.Environment;
import io.weft.model.AgentId;
import io.weft.storage.file.FilePlace;
import io.weft.storage.object.ObjectStoreException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/// The chunks of a whole zone, as one of its agents reads them. Thread-safe.
///
/// ```
/// read → held here → else sent lately, or coming → else the file's writer, if it holds it
///      → else the piece's owner → else the next point of the ring → else this agent's own chunks
/// ```
///
/// What is asked of others is what readers near the end of logs need: others need it too. What else
/// is read, and what has to be brought because no neighbour has it, comes from this agent's own
/// chunks.
final class ZoneChunks implements Chunks {
  /// Files are owned in aligned pieces of this size: files that are loaded whole have one owner.
  static final long OWNED_BYTES = 16L << 20;

  /// Files that are read from the store alone since a copy was damaged, at most.
  private static final int UNSHARED_MAX = 1_000;

  private final Chunks own;
  private final Neighbours neighbours;
  private final FileWriterTable writers;
  private final NearPieces near;
  private final NeighbourAnswers answers;
  private final Environment environment;
  private final NeighbourSettings settings;
  private final ReentrantLock lock = new ReentrantLock();

  /// Until when, in the order in which they came.
  private final LinkedHashMap<FilePlace, Long> unshared = new LinkedHashMap<>();

  ZoneChunks(
      Chunks own,
      Neighbours neighbours,
      FileWriterTable writers,
      NearPieces near,
      NeighbourAnswers answers,
      Environment environment,
      NeighbourSettings settings) {
    this.own = own;
    this.neighbours = neighbours;
    this.writers = writers;
    this.near = near;
    this.answers = answers;
    this.environment = environment;
    this.settings = settings;
  }

  @Override
  public List<ChunkSlice> read(FilePlace place, long position, int length, ReadPurpose purpose) {
    Optional<View> view = neighbours.view();
    if (view.isEmpty() || !isShared(place) || !isForNeighbours(place, position, length, purpose)) {
      return own.read(place, position, length, purpose);
    }
    List<ChunkSlice> slices = new ArrayList<>();
    boolean isWhole = false;
    try {
      long end = position + length;
      long at = position;
      while (at < end) {
        long ownedEnd = (at / OWNED_BYTES + 1) * OWNED_BYTES;
        long to = Math.min(Math.min(end, ownedEnd), at + RangeAsked.LENGTH_MAX);
        slices.addAll(part(view.get(), place, at, to, purpose));
        at = slices.getLast().to();
      }
      isWhole = true;
      return slices;
    } finally {
      if (!isWhole) {
        ChunkSlice.releaseAll(slices);
      }
    }
  }

  /// A reader far behind uses what is here. What is read ahead of it has to be here when it comes,
  /// so it goes to the chunks that keep it.
  private boolean isForNeighbours(FilePlace place, long position, int length, ReadPurpose purpose) {
    return !own.holds(place, position, length)
        && switch (purpose) {
          case TAIL -> true;
          case CATCH_UP, SEARCH, JOB -> near.covers(place, position, position + length);
          case READ_AHEAD -> false;
        };
  }

  private boolean isShared(FilePlace place) {
    lock.lock();
    try {
      Long untilMs = unshared.get(place);
      return untilMs == null || environment.clock().monotonicMs() >= untilMs;
    } finally {
      lock.unlock();
    }
  }

  /// The bytes from `at` on, up to `to` at most.
  private List<ChunkSlice> part(View view, FilePlace place, long at, long to, ReadPurpose purpose) {
    int length = (int) (to - at);
    if (own.holds(place, at, length)) {
      return own.read(place, at, length, purpose);
    }
    return switch (near.look(place, at, to)) {
      case Look.Here(Chunk chunk) -> List.of(chunk.slice(at, Math.min(to, chunk.end())));
      case Look.Coming(Flight flight) -> {
        awaitLanding(flight);
        yield near.covers(place, at, Math.min(to, flight.to()))
            ? part(view, place, at, Math.min(to, flight.to()), purpose)
            : own.read(place, at, length, purpose);
      }
      case Look.Absent(Flight flight) -> bring(view, flight, purpose);
    };
  }

  private void awaitLanding(Flight flight) {
    try {
      // The reader that brings it has given up by then.
      var _ = flight.landed().awaitMs(environment, 4 * settings.answerMsMax());
    } catch (InterruptedException interrupted) {
      throw interrupted(interrupted);
    }
  }

  private List<ChunkSlice> bring(View view, Flight flight, ReadPurpose purpose) {
    FilePlace place = flight.place();
    int length = (int) (flight.to() - flight.from());
    try {
      Optional<List<ChunkSlice>> brought = ask(view, flight, length, purpose);
      if (brought.isPresent()) {
        near.land(flight, true);
        return brought.get();
      }
    } catch (InterruptedException interrupted) {
      throw interrupted(interrupted);
    } finally {
      near.land(flight, false);
    }
    return own.read(place, flight.from(), length, purpose);
  }

  /// @return empty if this agent's own chunks are to bring it
  private Optional<List<ChunkSlice>> ask(View view, Flight flight, int length, ReadPurpose purpose)
      throws InterruptedException {
    FilePlace place = flight.place();
    NeighbourAnswers.Wanted wanted =
        new NeighbourAnswers.Wanted(place, flight.from(), length, purpose);
    if (!answers.begin(length)) {
      return Optional.empty();
    }
    try {
      Optional<AgentId> writer = writers.writerOf(place.fileId());
      Optional<Neighbour> holder =
          writer.filter(id -> !id.equals(view.self())).flatMap(view.ring()::member);
      if (holder.isPresent() && neighbours.line(holder.get()).isTrusted()) {
        NeighbourAnswers.Answer answer = answers.ask(neighbours.line(holder.get()), wanted, true);
        if (answer.slices().isPresent() || answer.isFinal()) {
          return answer.slices();
        }
      }
      long piece = flight.from() / OWNED_BYTES;
      List<Neighbour> choices = neighbours.choices(view, place, piece, length);
      for (Neighbour choice : choices) {
        if (choice.id().equals(view.self())) {
          break;
        }
        NeighbourAnswers.Answer answer = answers.ask(neighbours.line(choice), wanted, false);
        if (answer.slices().isPresent() || answer.isFinal()) {
          return answer.slices();
        }
      }
      if (!choices.getFirst().id().equals(view.self())) {
        answers.fellBack();
      }
      return Optional.empty();
    } finally {
      answers.end(length);
    }
  }

  private static ObjectStoreException interrupted(InterruptedException interrupted) {
    Thread.currentThread().interrupt();
    return new ObjectStoreException.Unavailable("interrupted while a chunk came", interrupted);
  }

  @Override
  public boolean holds(FilePlace place, long position, int length) {
    return own.holds(place, position, length)
        || (isShared(place) && near.covers(place, position, position + length));
  }

  /// The file is read from the store for a while: the same neighbour might send the same again.
  @Override
  public void drop(List<ChunkSlice> damaged) {
    for (ChunkSlice slice : damaged) {
      Chunk chunk = slice.chunk();
      near.drop(chunk)
          .ifPresent(
              agent ->
                  neighbours.avoid(
                      agent, "what it sent of %s is damaged".formatted(chunk.place())));
      unshare(chunk.place());
    }
    own.drop(damaged);
  }

  private void unshare(FilePlace place) {
    lock.lock();
    try {
      unshared.remove(place);
      unshared.put(place, environment.clock().monotonicMs() + settings.avoidMs());
      if (unshared.size() > UNSHARED_MAX) {
        unshared.pollFirstEntry();
      }
    } finally {
      lock.unlock();
    }
  }
}
