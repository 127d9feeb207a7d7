package io.weft.agent.neighbour;

import io.weft.agent.cache.ChunkSlice;
import io.weft.agent.cache.Chunks;
import io.weft.agent.cache.ReadPurpose;
import io.weft.agent.neighbour.NeighbourMessage.Refusal;
import io.weft.agent.neighbour.seal.RefusedException;
import io.weft.agent.neighbour.seal.RequestSeal;
import io.weft.environment.Environment;
import io.weft.storage.file.FileFooter;
import io.weft.storage.file.FilePlace;
import io.weft.storage.object.ObjectStoreException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Answers what other agents of the zone ask of this one's chunks. Thread-safe.
///
/// What is in memory is sent at once. The rest is read side by side, one thread for each range, and
/// sent in the order in which it is ready. Ranges and bytes of all answers under way have a limit:
/// a request that would go beyond is refused at once, and never waits for others. A read that the
/// store holds up keeps its share of the limits until it ends, also when its asker is gone. What is
/// ready is a copy of what was asked for, which is what the limits count: an asker that takes it
/// slowly holds no chunk.
public final class NeighbourDesk {
  private static final Logger LOG = LoggerFactory.getLogger(NeighbourDesk.class);

  /// Answers that take longer than this have no asker that still waits.
  private static final long SERVE_MS_MAX = 10_000;

  /// A stranger that asks a thousand times a second is told of once in this time.
  private static final long REFUSAL_LOG_EVERY_MS = 60_000;

  /// While nothing is ready, an asker hears so this many times in the time that it waits.
  private static final long WORDS_WHILE_WAITING = 4;

  private final Chunks chunks;
  private final RequestSeal seal;
  private final Environment environment;
  private final NeighbourSettings settings;
  private final NeighbourFigures.Counts counts;
  private final ReentrantLock lock = new ReentrantLock();
  private int ranges;
  private long bytes;
  private long refusedUnsaid;
  private long saysRefusedFromMs = Long.MIN_VALUE;

  NeighbourDesk(
      Chunks chunks,
      RequestSeal seal,
      Environment environment,
      NeighbourSettings settings,
      NeighbourFigures.Counts counts) {
    this.chunks = chunks;
    this.seal = seal;
    this.environment = environment;
    this.settings = settings;
    this.counts = counts;
  }

  /// Where an answer goes to. Owned by the thread that answers.
  public interface Replies {
    /// Hands a message over; waits while the asker does not take what it has been sent.
    ///
    /// @return false if it does not want any more, or has not taken anything for long
    boolean send(byte[] message) throws InterruptedException;
  }

  /// Makes sure that a request was made of this agent by one of its cluster, before anything else
  /// is looked at.
  ///
  /// @param sealed as it has arrived
  /// @return the request, for [#serve]
  public byte[] admit(byte[] sealed) throws RefusedException {
    try {
      return seal.open(sealed);
    } catch (RefusedException refused) {
      counts.refused.incrementAndGet();
      say(refused);
      throw refused;
    }
  }

  private void say(RefusedException refused) {
    long unsaid;
    lock.lock();
    try {
      refusedUnsaid++;
      if (environment.clock().monotonicMs() < saysRefusedFromMs) {
        return;
      }
      saysRefusedFromMs = environment.clock().monotonicMs() + REFUSAL_LOG_EVERY_MS;
      unsaid = refusedUnsaid;
      refusedUnsaid = 0;
    } finally {
      lock.unlock();
    }
    LOG.warn(
        "{} requests to this agent's port for neighbours were refused; the last one: {}",
        unsaid,
        refused.getMessage());
  }

  /// Answers a request, on the caller's thread. It has been answered when this returns, or its
  /// asker has gone.
  ///
  /// @param request that was admitted
  /// @throws GarbledMessageException if it is no request
  /// @throws BusyException if there is too much to do: nothing has been begun
  public void serve(byte[] request, Replies replies)
      throws GarbledMessageException, BusyException, InterruptedException {
    List<RangeAsked> asked = NeighbourMessage.readRequest(request);
    long wanted = asked.stream().mapToLong(RangeAsked::length).sum();
    take(asked.size(), wanted);
    Serving serving = new Serving(asked, replies);
    try {
      serving.run();
    } finally {
      serving.end();
    }
  }

  private void take(int count, long wanted) throws BusyException {
    lock.lock();
    try {
      if (ranges + count > settings.servedRangesMax()
          || bytes + wanted > Math.max(settings.servedBytesMax(), wanted)) {
        counts.turnedAway.incrementAndGet();
        throw new BusyException(
            "%d ranges of %d bytes are being answered".formatted(ranges, bytes));
      }
      ranges += count;
      bytes += wanted;
    } finally {
      lock.unlock();
    }
  }

  private void giveBack(RangeAsked range) {
    lock.lock();
    try {
      ranges--;
      bytes -= range.length();
    } finally {
      lock.unlock();
    }
  }

  /// One request being answered.
  private final class Serving {
    private final List<RangeAsked> asked;
    private final long untilMs;
    private final Replies replies;
    private final ReentrantLock mine = new ReentrantLock();
    private final Condition arrived = mine.newCondition();
    private final ArrayDeque<Ready> ready = new ArrayDeque<>();

    /// Numbers of ranges that a thread reads.
    private final BitSet reading = new BitSet();

    /// Numbers of those that have given their share back.
    private final BitSet settled = new BitSet();

    private boolean over;

    /// @param copy empty if it cannot be read, or its file says too much of itself
    private record Ready(int number, Optional<Copy> copy) {}

    private record Copy(FileFooter footer, ByteBuffer bytes) {}

    Serving(List<RangeAsked> asked, Replies replies) {
      this.asked = asked;
      this.untilMs = environment.clock().monotonicMs() + SERVE_MS_MAX;
      this.replies = message -> leftMs() > 0 && replies.send(message);
    }

    private long leftMs() {
      return untilMs - environment.clock().monotonicMs();
    }

    void run() throws InterruptedException {
      int unsent = asked.size();
      for (int i = 0; i < asked.size(); i++) {
        RangeAsked range = asked.get(i);
        int number = i;
        if (chunks.holds(FilePlace.of(range.fileId()), range.position(), range.length())) {
          read(number);
        } else if (!range.heldOnly()) {
          environment.tasks().start("neighbour-read", () -> read(number));
        } else if (replies.send(NeighbourMessage.refused(number, Refusal.NOT_HELD))) {
          unsent--;
          settle(number);
        } else {
          return;
        }
      }
      sendAll(unsent);
    }

    private void read(int number) {
      mine.lock();
      try {
        if (over) {
          settle(number);
          return;
        }
        reading.set(number);
      } finally {
        mine.unlock();
      }
      RangeAsked range = asked.get(number);
      FilePlace place = FilePlace.of(range.fileId());
      Optional<Copy> copy = Optional.empty();
      try {
        copy =
            copyOf(range, chunks.read(place, range.position(), range.length(), ReadPurpose.TAIL));
      } catch (ObjectStoreException failure) {
        LOG.debug("not for a neighbour: {}", failure.getMessage());
      } finally {
        arrive(new Ready(number, copy));
      }
    }

    private static Optional<Copy> copyOf(RangeAsked range, List<ChunkSlice> slices) {
      try {
        Optional<FileFooter> footer =
            slices
                .getFirst()
                .footer()
                .filter(it -> it.copyBytes() <= NeighbourMessage.FOOTER_BYTES_MAX);
        if (footer.isEmpty()) {
          return Optional.empty();
        }
        ByteBuffer bytes = ByteBuffer.allocate(range.length());
        for (ChunkSlice slice : slices) {
          slice.bytes().parts(0, slice.bytes().length()).forEach(bytes::put);
        }
        return Optional.of(new Copy(footer.get(), bytes.flip()));
      } finally {
        ChunkSlice.releaseAll(slices);
      }
    }

    private void arrive(Ready range) {
      mine.lock();
      try {
        reading.clear(range.number());
        if (over) {
          settle(range.number());
        } else {
          ready.add(range);
          arrived.signal();
        }
      } finally {
        mine.unlock();
      }
    }

    private void sendAll(int count) throws InterruptedException {
      boolean goesOn = true;
      for (int unsent = count; unsent > 0 && goesOn; unsent--) {
        Optional<Ready> next = next();
        goesOn = next.isPresent() && send(next.get());
        next.ifPresent(sent -> settle(sent.number()));
      }
    }

    /// Empty if nothing is ready in time, or the asker does not want it any more.
    private Optional<Ready> next() throws InterruptedException {
      long wordEveryMs = Math.max(1, settings.answerMsMax() / WORDS_WHILE_WAITING);
      Optional<Ready> next = nextWithin(wordEveryMs);
      while (next.isEmpty() && replies.send(NeighbourMessage.notYet(firstOpen()))) {
        next = nextWithin(wordEveryMs);
      }
      return next;
    }

    private Optional<Ready> nextWithin(long timeoutMs) throws InterruptedException {
      long nextWordMs = environment.clock().monotonicMs() + Math.min(timeoutMs, leftMs());
      mine.lockInterruptibly();
      try {
        long waitMs = nextWordMs - environment.clock().monotonicMs();
        while (ready.isEmpty() && waitMs > 0) {
          environment.tasks().awaitMs(mine, arrived, waitMs);
          waitMs = nextWordMs - environment.clock().monotonicMs();
        }
        return Optional.ofNullable(ready.poll());
      } finally {
        mine.unlock();
      }
    }

    private int firstOpen() {
      mine.lock();
      try {
        return settled.nextClearBit(0);
      } finally {
        mine.unlock();
      }
    }

    private boolean send(Ready range) throws InterruptedException {
      int number = range.number();
      if (range.copy().isEmpty()) {
        return replies.send(NeighbourMessage.refused(number, Refusal.FAILED));
      }
      if (!replies.send(whose(number, range.copy().get().footer()))) {
        return false;
      }
      ByteBuffer bytes = range.copy().get().bytes();
      int length = bytes.remaining();
      for (int from = 0; from < length; from += NeighbourMessage.PIECE_BYTES_MAX) {
        int size = Math.min(length - from, NeighbourMessage.PIECE_BYTES_MAX);
        long position = asked.get(number).position() + from;
        List<ByteBuffer> part = List.of(bytes.slice(from, size));
        if (!replies.send(NeighbourMessage.piece(number, position, part, size))) {
          return false;
        }
      }
      counts.served.incrementAndGet();
      counts.servedBytes.addAndGet(length);
      return true;
    }

    private byte[] whose(int number, FileFooter footer) {
      return asked.get(number).withFooter()
          ? NeighbourMessage.footer(number, footer.toBytes())
          : NeighbourMessage.known(number, footer.copyCrc());
    }

    /// What is still being read gives its share back itself.
    void end() {
      mine.lock();
      try {
        over = true;
        ready.clear();
        for (int i = 0; i < asked.size(); i++) {
          if (!reading.get(i)) {
            settle(i);
          }
        }
      } finally {
        mine.unlock();
      }
    }

    private void settle(int number) {
      mine.lock();
      try {
        if (!settled.get(number)) {
          settled.set(number);
          giveBack(asked.get(number));
        }
      } finally {
        mine.unlock();
      }
    }
  }
}
