package io.weft.agent.fetch;

import io.weft.agent.catalog.LiveCatalog;
import io.weft.agent.fetch.TailWait.Awaited;
import io.weft.agent.fetch.WatchedPartitions.Change;
import io.weft.controlplane.api.CommitFeed;
import io.weft.controlplane.api.CommitFeed.Event;
import io.weft.controlplane.api.CommitFeed.Subscription;
import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.PartitionBounds;
import io.weft.environment.Environment;
import io.weft.model.AgentId;
import io.weft.model.PartitionId;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The newest extents of the partitions fetched here lately, as the control plane streams them, and
/// the readers that wait for more. Thread-safe.
///
/// ```
/// closed ──open()──▶ opening ──▶ streaming ──(broken, gap)──▶ pausing ──▶ opening
/// ```
///
/// What a broken stream has told is true but grows old, so it is forgotten at once; until a new
/// stream has told a partition's baseline, [#tail] has nothing to say of it. Events of a stream
/// that was given up are recognised by its number and ignored.
///
/// Two locks: `calls` keeps watch and unwatch calls in the order in which they were decided, and is
/// never taken by the feed's thread; `state` is held briefly and never across a call.
public final class TailIndex implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TailIndex.class);

  private static final int BACKOFF_DOUBLINGS_MAX = 16;

  private final CommitFeed feed;
  private final Supplier<AgentId> agent;
  private final LiveCatalog catalog;
  private final Environment environment;
  private final TailSettings settings;

  private final ReentrantLock calls = new ReentrantLock();

  /// Guarded by `calls`; null while there is no stream.
  private Subscription subscription;

  private final ReentrantLock state = new ReentrantLock();
  private final Condition changed = state.newCondition();

  private final WatchedPartitions watched;

  /// The number of the stream whose events count; 0 while there is no stream.
  private long streaming;

  private long streamsOpened;
  private boolean closed;

  public TailIndex(
      CommitFeed feed,
      Supplier<AgentId> agent,
      LiveCatalog catalog,
      Environment environment,
      TailSettings settings) {
    this.feed = feed;
    this.agent = agent;
    this.catalog = catalog;
    this.environment = environment;
    this.settings = settings;
    this.watched = new WatchedPartitions(settings.partitionsMax());
  }

  /// Begins to stream, and to stream again whenever the stream ends. Called once.
  public void open() {
    environment.tasks().start("tail-index", this::keepStreaming);
  }

  @Override
  public void close() {
    state.lock();
    try {
      closed = true;
      streaming = 0;
      changed.signalAll();
    } finally {
      state.unlock();
    }
    closeStream();
  }

  /// Says that these partitions are being fetched: they are watched from now on, and the least
  /// recently fetched ones no longer, where there are too many.
  void watch(Collection<PartitionId> partitions) {
    state.lock();
    try {
      if (watched.touch(partitions)) {
        return;
      }
    } finally {
      state.unlock();
    }
    calls.lock();
    try {
      tellFeed(admit(partitions));
    } finally {
      calls.unlock();
    }
  }

  /// The partition's tail, if it is kept up to date.
  Optional<Tail> tail(PartitionId partition) {
    state.lock();
    try {
      return watched.find(partition).flatMap(WatchedPartition::tail);
    } finally {
      state.unlock();
    }
  }

  /// Waits until the partitions have got enough bytes more, or one of them is gone, or `timeoutMs`
  /// has passed. What came before the call, but after what the caller knows, counts.
  void await(List<Awaited> partitions, Isolation isolation, long bytesMissing, long timeoutMs)
      throws InterruptedException {
    TailWait wait = new TailWait(isolation, bytesMissing);
    state.lock();
    try {
      for (Awaited awaited : partitions) {
        watched
            .find(awaited.partition())
            .ifPresent(partition -> partition.await(wait.join(partition, awaited)));
      }
    } finally {
      state.unlock();
    }
    try {
      wait.woken().awaitMs(environment, timeoutMs);
    } finally {
      leave(wait);
    }
  }

  /// Partitions watched now.
  public int watchedCount() {
    state.lock();
    try {
      return watched.count();
    } finally {
      state.unlock();
    }
  }

  private void leave(TailWait wait) {
    state.lock();
    try {
      wait.places().forEach(place -> place.partition().leave(place));
    } finally {
      state.unlock();
    }
  }

  private Change admit(Collection<PartitionId> partitions) {
    state.lock();
    try {
      return watched.admit(partitions);
    } finally {
      state.unlock();
    }
  }

  private void tellFeed(Change change) {
    if (subscription == null) {
      return; // the next stream begins with all that is watched
    }
    try {
      if (!change.ended().isEmpty()) {
        subscription.unwatch(change.ended());
      }
      if (!change.begun().isEmpty()) {
        subscription.watch(change.begun());
      }
    } catch (ControlPlaneException failure) {
      endStream(streamNumber(), "a watch call failed: " + failure.getMessage());
    }
  }

  private void keepStreaming() {
    int failures = 0;
    try {
      while (!isClosed()) {
        long openedMs = environment.clock().monotonicMs();
        awaitEnd(openStream());
        closeStream();
        boolean lasted = environment.clock().monotonicMs() - openedMs > settings.backoffMsMax();
        failures = lasted ? 0 : Math.min(failures + 1, BACKOFF_DOUBLINGS_MAX);
        pause(failures);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private long openStream() {
    // Before the lock: until the agent is registered this waits, and closing must not wait for it.
    AgentId self = agent.get();
    calls.lock();
    try {
      long number = beginStream();
      try {
        subscription = feed.open(self, new Stream(number));
        List<PartitionId> ids = watchedIds();
        if (!ids.isEmpty()) {
          subscription.watch(ids);
        }
      } catch (ControlPlaneException failure) {
        endStream(number, "it could not be opened: " + failure.getMessage());
      }
      return number;
    } finally {
      calls.unlock();
    }
  }

  private void closeStream() {
    calls.lock();
    try {
      if (subscription != null) {
        subscription.close();
        subscription = null;
      }
    } finally {
      calls.unlock();
    }
  }

  private long beginStream() {
    state.lock();
    try {
      streamsOpened++;
      streaming = closed ? 0 : streamsOpened;
      return streamsOpened;
    } finally {
      state.unlock();
    }
  }

  private void endStream(long number, String reason) {
    state.lock();
    try {
      if (streaming != number) {
        return;
      }
      streaming = 0;
      watched.all().forEach(WatchedPartition::forget);
      changed.signalAll();
    } finally {
      state.unlock();
    }
    LOG.info("The stream of commits has ended ({}); fetches ask the control plane", reason);
  }

  private long streamNumber() {
    state.lock();
    try {
      return streaming;
    } finally {
      state.unlock();
    }
  }

  private List<PartitionId> watchedIds() {
    state.lock();
    try {
      return watched.ids();
    } finally {
      state.unlock();
    }
  }

  private boolean isClosed() {
    state.lock();
    try {
      return closed;
    } finally {
      state.unlock();
    }
  }

  private void awaitEnd(long number) throws InterruptedException {
    state.lock();
    try {
      while (streaming == number) {
        changed.await();
      }
    } finally {
      state.unlock();
    }
  }

  /// Full jitter: many agents lose their streams in the same moment.
  private void pause(int failures) throws InterruptedException {
    long pauseMsMax =
        Math.min(settings.backoffMsMax(), settings.backoffMsMin() << Math.max(0, failures - 1));
    long pauseMs = (long) (environment.randomness().nextDouble() * pauseMsMax);
    long endMs = environment.clock().monotonicMs() + pauseMs;
    state.lock();
    try {
      long leftMs = pauseMs;
      while (!closed && leftMs > 0) {
        environment.tasks().awaitMs(state, changed, leftMs);
        leftMs = endMs - environment.clock().monotonicMs();
      }
    } finally {
      state.unlock();
    }
  }

  /// One stream's events; none of them counts once the stream was given up.
  private final class Stream implements CommitFeed.Listener {
    private final long number;

    Stream(long number) {
      this.number = number;
    }

    @Override
    public void onEvents(List<Event> events) {
      OptionalLong catalogVersion = OptionalLong.empty();
      Optional<PartitionId> gap = Optional.empty();
      state.lock();
      try {
        for (Event event : events) {
          if (streaming != number || gap.isPresent()) {
            break;
          }
          switch (event) {
            case Event.Baseline(PartitionId id, PartitionBounds bounds) ->
                watched.find(id).ifPresent(partition -> partition.begin(bounds));
            case Event.Advanced advanced -> {
              if (!advance(advanced)) {
                gap = Optional.of(advanced.partition());
              }
            }
            case Event.Replaced replaced -> {
              if (!replace(replaced)) {
                gap = Optional.of(replaced.partition());
              }
            }
            case Event.Gone(PartitionId id) ->
                watched.remove(id).ifPresent(WatchedPartition::wakeAll);
            case Event.CatalogChanged(long version) -> catalogVersion = OptionalLong.of(version);
          }
        }
      } finally {
        state.unlock();
      }
      catalogVersion.ifPresent(catalog::announce);
      gap.ifPresent(id -> endStream(number, "a gap at " + id));
    }

    @Override
    public void onBroken(String reason) {
      endStream(number, reason);
    }

    private boolean replace(Event.Replaced replaced) {
      return watched
          .find(replaced.partition())
          .map(partition -> partition.replace(replaced.extents(), settings))
          .orElse(true);
    }

    private boolean advance(Event.Advanced advanced) {
      return watched
          .find(advanced.partition())
          .map(partition -> partition.advance(advanced.bounds(), advanced.appended(), settings))
          .orElse(true);
    }
  }
}
