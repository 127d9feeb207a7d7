package io.weft.agent.neighbour;

import io.weft.agent.cache.Chunk;
import io.weft.agent.cache.SharedFile;
import io.weft.agent.neighbour.NeighbourLink.End;
import io.weft.agent.neighbour.NeighbourLink.Next;
import io.weft.agent.neighbour.NeighbourMessage.Refusal;
import io.weft.agent.neighbour.seal.RequestSeal;
import io.weft.environment.Environment;
import io.weft.storage.file.FilePlace;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What this agent asks of one neighbour: a few calls at once, each with all the ranges that have
/// come together meanwhile. Thread-safe; a call has a thread of its own.
final class NeighbourLine {
  private static final Logger LOG = LoggerFactory.getLogger(NeighbourLine.class);

  private static final int CALLS_MAX = 4;

  /// Ranges that wait for a call, at most: what comes then is not asked of this neighbour.
  private static final int QUEUED_MAX = 512;

  /// An agent that was silent or away is not asked for this part of the time; twice as long each
  /// time that follows without an answer, up to all of it. So a stumble, such as one of an agent
  /// that has just begun, costs little.
  private static final int FIRST_PAUSE_PART = 10;

  /// Calls, one after the other, in which it says that it reads and gives nothing. Then it is as
  /// good as silent.
  private static final int SLOW_CALLS_MAX = 3;

  private final Neighbour neighbour;
  private final RequestSeal seal;
  private final NeighbourLink link;
  private final String clusterId;
  private final Environment environment;
  private final NeighbourSettings settings;
  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<Waiting> queued = new ArrayDeque<>();
  private int calls;
  private long bytes;
  private boolean avoided;
  private long avoidedUntilMs;
  private long pauseMs;
  private final SlowCalls slow = new SlowCalls();

  NeighbourLine(
      Neighbour neighbour,
      RequestSeal seal,
      NeighbourLink link,
      String clusterId,
      Environment environment,
      NeighbourSettings settings) {
    this.neighbour = neighbour;
    this.seal = seal;
    this.link = link;
    this.clusterId = clusterId;
    this.environment = environment;
    this.settings = settings;
    this.pauseMs = firstPauseMs();
  }

  private long firstPauseMs() {
    return settings.avoidMs() / FIRST_PAUSE_PART;
  }

  /// How many calls in a row have brought nothing in time. Calls that were under way together have
  /// met the same slowness: of them one counts.
  static final class SlowCalls {
    private int count;
    private long endMs = Long.MIN_VALUE;

    /// @return whether it is one too many
    boolean add(long askedMs, long nowMs) {
      if (askedMs >= endMs) {
        count++;
        endMs = nowMs;
      }
      return count >= SLOW_CALLS_MAX;
    }

    void clear() {
      count = 0;
    }
  }

  /// What becomes of a range that was asked for.
  sealed interface Outcome {
    /// @param file the one it is a piece of, as the neighbour describes it
    record Brought(Chunk chunk, SharedFile file) implements Outcome {}

    /// The neighbour does not have it in memory.
    record NotHeld() implements Outcome {}

    /// The neighbour has too much to do, or has too much to be asked already.
    record Busy() implements Outcome {}

    /// The neighbour is there and has not got it in time.
    record Slow() implements Outcome {}

    /// This neighbour does not give it now.
    record Failed() implements Outcome {}
  }

  /// @param known what is known of the range's file
  /// @param told hears the outcome, once; must not block
  record Waiting(
      FilePlace place, RangeAsked range, Optional<SharedFile> known, Consumer<Outcome> told) {}

  Neighbour neighbour() {
    return neighbour;
  }

  /// Bytes that were asked for and have not come yet.
  long bytesUnderWay() {
    lock.lock();
    try {
      return bytes;
    } finally {
      lock.unlock();
    }
  }

  /// Whether it has not disappointed lately.
  boolean isTrusted() {
    lock.lock();
    try {
      return !avoided || environment.clock().monotonicMs() >= avoidedUntilMs;
    } finally {
      lock.unlock();
    }
  }

  /// It is not to be asked for a while.
  void avoid(String why) {
    avoidFor(settings.avoidMs(), why);
  }

  /// It has not answered. Calls that end together count as one.
  private void pause(String why) {
    lock.lock();
    try {
      if (isTrusted()) {
        avoidFor(pauseMs, why);
        pauseMs = Math.min(2 * pauseMs, settings.avoidMs());
      }
    } finally {
      lock.unlock();
    }
  }

  private void slow(long askedMs) {
    lock.lock();
    try {
      if (slow.add(askedMs, environment.clock().monotonicMs())) {
        pause("%d calls in a row have brought nothing in time".formatted(SLOW_CALLS_MAX));
        slow.clear();
      }
    } finally {
      lock.unlock();
    }
  }

  private void brought() {
    lock.lock();
    try {
      slow.clear();
      pauseMs = firstPauseMs();
    } finally {
      lock.unlock();
    }
  }

  private void avoidFor(long durationMs, String why) {
    lock.lock();
    try {
      if (isTrusted()) {
        LOG.warn(
            "agent {} at {} is not asked for {} ms: {}",
            neighbour.id().value(),
            neighbour.address(),
            durationMs,
            why);
      }
      long untilMs = environment.clock().monotonicMs() + durationMs;
      avoidedUntilMs = avoided ? Math.max(avoidedUntilMs, untilMs) : untilMs;
      avoided = true;
    } finally {
      lock.unlock();
    }
  }

  /// Asks for a range; returns at once.
  void ask(Waiting waiting) {
    boolean queues;
    boolean starts = false;
    lock.lock();
    try {
      queues = queued.size() < QUEUED_MAX;
      if (queues) {
        queued.add(waiting);
        bytes += waiting.range().length();
        starts = calls < CALLS_MAX;
        calls += starts ? 1 : 0;
      }
    } finally {
      lock.unlock();
    }
    if (!queues) {
      waiting.told().accept(new Outcome.Busy());
    } else if (starts) {
      environment.tasks().start("neighbour-call", this::callWhileAsked);
    }
  }

  private void callWhileAsked() {
    Map<Integer, Waiting> open = next();
    while (!open.isEmpty()) {
      try {
        call(open);
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      } finally {
        // Whatever happened, no reader waits for a call that is over.
        finish(open, new Outcome.Failed());
      }
      open = next();
    }
  }

  /// What the next call asks for, by its number in the request; empty if this thread is not needed
  /// any more.
  private Map<Integer, Waiting> next() {
    Map<Integer, Waiting> taken = new TreeMap<>();
    lock.lock();
    try {
      long sum = 0;
      while (!queued.isEmpty()
          && taken.size() < NeighbourMessage.RANGES_MAX
          && sum + queued.peek().range().length() <= NeighbourMessage.CALL_BYTES_MAX) {
        sum += queued.peek().range().length();
        taken.put(taken.size(), queued.poll());
      }
      if (taken.isEmpty()) {
        calls--;
      }
      return taken;
    } finally {
      lock.unlock();
    }
  }

  private void call(Map<Integer, Waiting> open) throws InterruptedException {
    if (!isTrusted()) {
      return;
    }
    Map<Integer, IncomingRange> incoming = new TreeMap<>();
    open.forEach(
        (number, waiting) ->
            incoming.put(
                number,
                new IncomingRange(clusterId, waiting.place(), waiting.range(), waiting.known())));
    List<RangeAsked> ranges = open.values().stream().map(Waiting::range).toList();
    Optional<byte[]> request = seal.seal(neighbour.id(), NeighbourMessage.request(ranges));
    if (request.isEmpty()) {
      return;
    }
    long askedMs = environment.clock().monotonicMs();
    long untilMs = askedMs + settings.answerMsMax();
    boolean heard = false;
    NeighbourLink.Call call = link.ask(neighbour.address(), request.get(), settings.answerMsMax());
    try {
      while (!open.isEmpty()) {
        long leftMs = Math.max(1, untilMs - environment.clock().monotonicMs());
        switch (call.next(leftMs)) {
          case Next.Message(byte[] bytes) -> {
            take(NeighbourMessage.read(bytes), open, incoming);
            heard = true;
          }
          case Next.Ended(End how) -> {
            if (heard && how == End.SILENT) {
              slow(askedMs);
              finish(open, new Outcome.Slow());
            } else {
              ended(how, open);
            }
            return;
          }
        }
      }
    } catch (GarbledMessageException garbled) {
      avoid("it answers wrongly: " + garbled.getMessage());
    } finally {
      call.cancel();
    }
  }

  private void take(
      NeighbourMessage message, Map<Integer, Waiting> open, Map<Integer, IncomingRange> incoming)
      throws GarbledMessageException {
    int number = message.range();
    if (!open.containsKey(number)) {
      throw new GarbledMessageException("an answer for range %d".formatted(number));
    }
    IncomingRange range = incoming.get(number);
    switch (message) {
      case NeighbourMessage.Footer footer -> range.take(footer);
      case NeighbourMessage.Known known -> range.take(known);
      case NeighbourMessage.Piece piece -> range.take(piece);
      case NeighbourMessage.NotYet _ -> {}
      case NeighbourMessage.Refused(int _, Refusal reason) ->
          tell(
              open.remove(number),
              switch (reason) {
                case NOT_HELD -> new Outcome.NotHeld();
                case FAILED -> new Outcome.Failed();
              });
    }
    if (range.isWhole()) {
      brought();
      tell(open.remove(number), new Outcome.Brought(range.chunk(), range.file()));
    }
  }

  private void ended(End how, Map<Integer, Waiting> open) {
    switch (how) {
      case DONE -> avoid("it has answered a part of what it was asked");
      case BUSY -> finish(open, new Outcome.Busy());
      case REFUSED ->
          avoid("it refuses this agent's signature: its log says why, a clock may be off");
      case TOO_LARGE -> avoid("what one of the two sent is larger than the other takes");
      case AWAY -> pause("it does not answer");
      case SILENT -> pause("it has not answered in %d ms".formatted(settings.answerMsMax()));
    }
  }

  private void finish(Map<Integer, Waiting> open, Outcome outcome) {
    Collection<Waiting> left = List.copyOf(open.values());
    open.clear();
    left.forEach(waiting -> tell(waiting, outcome));
  }

  private void tell(Waiting waiting, Outcome outcome) {
    lock.lock();
    try {
      bytes -= waiting.range().length();
    } finally {
      lock.unlock();
    }
    waiting.told().accept(outcome);
  }
}
