package io.weft.agent.fetch;

import io.weft.controlplane.api.CommitFeed;
import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.ExtentIndex;
import io.weft.controlplane.api.Membership.Agent;
import io.weft.controlplane.api.PartitionBounds;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.model.AbortedRange;
import io.weft.model.AgentId;
import io.weft.model.Extent;
import io.weft.model.Marker;
import io.weft.model.PartitionId;
import io.weft.model.Span;
import io.weft.model.TopicId;
import io.weft.model.Zone;
import io.weft.storage.file.ComposedFile;
import io.weft.storage.file.FileExtent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// A control plane and its files, as little as fetching needs; written from the contracts, without
/// looking at the real one. Thread-safe.
public final class TestCluster implements ExtentIndex, CommitFeed, TopicCatalog {
  private final TestStore store = new TestStore();
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<PartitionId, Log> logs = new LinkedHashMap<>();
  private final TreeMap<String, Topic> topics = new TreeMap<>();
  private final List<Stream> streams = new ArrayList<>();
  private final AtomicInteger finds = new AtomicInteger();
  private final AtomicInteger catalogReads = new AtomicInteger();
  private long nextFile;
  private long catalogVersion = 1;
  private int membershipEpoch = 3;
  private long nextTopic = 1;
  private volatile boolean away;

  /// One partition's log.
  private static final class Log {
    private final List<Span> spans = new ArrayList<>();

    /// The first offset of each producer's open transaction.
    private final Map<Long, Long> open = new TreeMap<>();

    private long logStart;
    private long highWatermark;
    private long lastStable = -1;

    PartitionBounds bounds() {
      long firstOpen = open.values().stream().min(Long::compare).orElse(highWatermark);
      return new PartitionBounds(
          logStart, highWatermark, lastStable < 0 ? Math.max(logStart, firstOpen) : lastStable);
    }
  }

  /// What of one partition goes into a file.
  public record Run(PartitionId partition, long logAppendTimeMs, List<TestBatch> batches) {
    public static Run of(PartitionId partition, TestBatch... batches) {
      return new Run(partition, -1, List.of(batches));
    }
  }

  public TestStore store() {
    return store;
  }

  /// Calls of [#find].
  public int finds() {
    return finds.get();
  }

  public int catalogReads() {
    return catalogReads.get();
  }

  /// Calls fail, or no longer. Streams go on.
  public void setAway(boolean isAway) {
    away = isAway;
  }

  public TopicId addTopic(String name, int partitions) {
    lock.lock();
    try {
      TopicId id = new TopicId(7, nextTopic++);
      topics.put(name, new Topic(id, name, partitions, (short) 1, 0, Map.of()));
      for (int i = 0; i < partitions; i++) {
        logs.put(new PartitionId(id, i), new Log());
      }
      catalogVersion++;
      return id;
    } finally {
      lock.unlock();
    }
  }

  public void deleteTopic(String name) {
    lock.lock();
    try {
      TopicId id = topics.remove(name).id();
      List<PartitionId> gone = logs.keySet().stream().filter(p -> p.topic().equals(id)).toList();
      gone.forEach(logs::remove);
      catalogVersion++;
      gone.forEach(partition -> tell(partition, new Event.Gone(partition)));
    } finally {
      lock.unlock();
    }
  }

  public void setMembershipEpoch(int epoch) {
    membershipEpoch = epoch;
    catalogVersion++;
  }

  /// Writes one file with these runs and commits it.
  ///
  /// @return its id
  public long commit(Run... runs) {
    lock.lock();
    try {
      long fileId = nextFile++;
      ComposedFile file = TestFiles.of(fileId, List.of(runs));
      Map<PartitionId, Extent> extents = new LinkedHashMap<>();
      for (Run run : runs) {
        extents.put(run.partition(), append(run, fileId, file));
      }
      store.putFile(fileId, file.body().toBytes());
      extents.forEach(
          (partition, extent) ->
              tell(
                  partition,
                  new Event.Advanced(partition, logs.get(partition).bounds(), List.of(extent))));
      return fileId;
    } finally {
      lock.unlock();
    }
  }

  private Extent append(Run run, long fileId, ComposedFile file) {
    Log log = logs.get(run.partition());
    FileExtent place = TestFiles.placeOf(run.partition(), file);
    long base = log.highWatermark;
    long maxTimestampMs = -1;
    for (TestBatch batch : run.batches()) {
      if (batch.producerId() >= 0) {
        log.open.putIfAbsent(batch.producerId(), log.highWatermark);
      }
      log.highWatermark += batch.values().size();
      maxTimestampMs = Math.max(maxTimestampMs, batch.maxTimestampMs());
    }
    Extent extent =
        new Extent(
            fileId,
            place.position(),
            place.length(),
            base,
            log.highWatermark - 1,
            run.logAppendTimeMs() >= 0 ? run.logAppendTimeMs() : maxTimestampMs,
            run.logAppendTimeMs());
    log.spans.add(extent);
    return extent;
  }

  /// Ends a producer's transaction in these partitions.
  public void end(long producerId, boolean committed, long timeMs, PartitionId... partitions) {
    lock.lock();
    try {
      for (PartitionId partition : partitions) {
        Log log = logs.get(partition);
        long offset = log.highWatermark++;
        Long first = log.open.remove(producerId);
        Marker marker =
            new Marker(
                offset, producerId, (short) 0, committed, first == null ? offset : first, timeMs);
        log.spans.add(marker);
        tell(partition, new Event.Advanced(partition, log.bounds(), List.of(marker)));
      }
    } finally {
      lock.unlock();
    }
  }

  /// A new file with nothing but this partition's batches.
  ///
  /// @return where they lie in it
  FilePiece putFile(PartitionId partition, byte[] run) {
    lock.lock();
    try {
      long fileId = nextFile++;
      ComposedFile file = TestFiles.of(fileId, Map.of(partition, run));
      store.putFile(fileId, file.body().toBytes());
      return new FilePiece(fileId, TestFiles.placeOf(partition, file));
    } finally {
      lock.unlock();
    }
  }

  record FilePiece(long fileId, FileExtent place) {}

  public List<Span> spans(PartitionId partition) {
    return locked(() -> List.copyOf(logs.get(partition).spans));
  }

  /// Puts extents in the place of those with the same offsets; the old files stay.
  ///
  /// @param told whether streams hear of it
  void replace(PartitionId partition, List<Extent> extents, boolean told) {
    lock.lock();
    try {
      List<Span> spans = logs.get(partition).spans;
      long first = extents.getFirst().baseOffset();
      long last = extents.getLast().lastOffset();
      int index = (int) spans.stream().filter(span -> span.lastOffset() < first).count();
      spans.removeIf(span -> span.baseOffset() >= first && span.lastOffset() <= last);
      spans.addAll(index, extents);
      if (told) {
        tell(partition, new Event.Replaced(partition, extents));
      }
    } finally {
      lock.unlock();
    }
  }

  public void setLogStart(PartitionId partition, long offset) {
    change(partition, log -> log.logStart = offset);
  }

  /// As [#setLogStart], but no stream has told it yet.
  public void setLogStartUnheard(PartitionId partition, long offset) {
    lock.lock();
    try {
      Log log = logs.get(partition);
      log.logStart = offset;
      log.spans.removeIf(span -> span.lastOffset() < offset);
    } finally {
      lock.unlock();
    }
  }

  public void setLastStable(PartitionId partition, long offset) {
    change(partition, log -> log.lastStable = offset);
  }

  private void change(PartitionId partition, Consumer<Log> change) {
    lock.lock();
    try {
      Log log = logs.get(partition);
      change.accept(log);
      log.spans.removeIf(span -> span.lastOffset() < log.logStart);
      tell(partition, new Event.Advanced(partition, log.bounds(), List.of()));
    } finally {
      lock.unlock();
    }
  }

  /// All streams end.
  public void breakStreams() {
    lock.lock();
    try {
      List<Stream> broken = List.copyOf(streams);
      streams.clear();
      broken.forEach(stream -> stream.listener.onBroken("test"));
    } finally {
      lock.unlock();
    }
  }

  /// Streams that are open.
  public int streams() {
    return locked(() -> streams.size());
  }

  /// Gives every stream events of the test's own making.
  public void tellAll(Event event) {
    lock.lock();
    try {
      List.copyOf(streams).forEach(stream -> stream.listener.onEvents(List.of(event)));
    } finally {
      lock.unlock();
    }
  }

  /// Whether any stream watches this partition.
  public boolean isWatched(PartitionId partition) {
    return locked(() -> streams.stream().anyMatch(stream -> stream.watched.contains(partition)));
  }

  private void tell(PartitionId partition, Event event) {
    for (Stream stream : List.copyOf(streams)) {
      if (stream.watched.contains(partition)) {
        stream.listener.onEvents(List.of(event));
      }
    }
  }

  private <R> R locked(Supplier<R> question) {
    lock.lock();
    try {
      return question.get();
    } finally {
      lock.unlock();
    }
  }

  private void requireHere() {
    if (away) {
      throw new ControlPlaneException.Unavailable("away", null);
    }
  }

  @Override
  public List<ExtentsFound> find(List<ExtentQuery> queries) {
    finds.incrementAndGet();
    requireHere();
    return locked(() -> queries.stream().map(this::find).toList());
  }

  private ExtentsFound find(ExtentQuery query) {
    Log log = logs.get(query.partition());
    if (log == null) {
      return new ExtentsFound.UnknownPartition();
    }
    PartitionBounds bounds = log.bounds();
    if (query.offset() < bounds.logStartOffset() || query.offset() > bounds.highWatermark()) {
      return new ExtentsFound.OutOfRange(bounds);
    }
    List<Span> found = new ArrayList<>();
    long bytes = 0;
    for (Span span : log.spans) {
      if (span.lastOffset() >= query.offset() && (found.isEmpty() || bytes < query.bytesMax())) {
        found.add(span);
        bytes += span.length();
      }
    }
    List<AbortedRange> aborted = new ArrayList<>();
    for (Span span : log.spans) {
      if (span instanceof Marker marker && !found.isEmpty()) {
        marker
            .aborted()
            .filter(range -> range.markerOffset() >= query.offset())
            .filter(range -> range.firstOffset() <= found.getLast().lastOffset())
            .ifPresent(aborted::add);
      }
    }
    return new ExtentsFound.Found(bounds, found, aborted);
  }

  @Override
  public List<ExtentsFound> findByTime(List<TimeQuery> queries) {
    finds.incrementAndGet();
    requireHere();
    return locked(() -> queries.stream().map(this::findByTime).toList());
  }

  private ExtentsFound findByTime(TimeQuery query) {
    Log log = logs.get(query.partition());
    if (log == null) {
      return new ExtentsFound.UnknownPartition();
    }
    if (query.timestampMs() == TimeQuery.MAX_TIMESTAMP) {
      List<Span> found = new ArrayList<>(latest(log.spans));
      if (!found.isEmpty() && found.getFirst().baseOffset() < log.logStart) {
        found.addAll(latest(log.spans.subList(1, log.spans.size())));
      }
      return new ExtentsFound.Found(log.bounds(), found, List.of());
    }
    long timestampMs = query.timestampMs();
    for (int i = 0; i < log.spans.size(); i++) {
      if (log.spans.get(i).maxTimestampMs() >= timestampMs) {
        List<Span> some = log.spans.subList(i, Math.min(i + 16, log.spans.size()));
        return new ExtentsFound.Found(log.bounds(), List.copyOf(some), List.of());
      }
    }
    return new ExtentsFound.Found(log.bounds(), List.of(), List.of());
  }

  private static List<Span> latest(List<Span> spans) {
    long latestMs = spans.stream().mapToLong(Span::maxTimestampMs).max().orElse(0);
    return spans.stream().filter(span -> span.maxTimestampMs() == latestMs).limit(1).toList();
  }

  @Override
  public List<Long> sizes(List<PartitionId> partitions) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Subscription open(AgentId agent, Listener listener) {
    requireHere();
    lock.lock();
    try {
      Stream stream = new Stream(listener);
      streams.add(stream);
      return stream;
    } finally {
      lock.unlock();
    }
  }

  private final class Stream implements Subscription {
    private final Listener listener;
    private final Set<PartitionId> watched = new LinkedHashSet<>();

    Stream(Listener listener) {
      this.listener = listener;
    }

    @Override
    public void watch(Collection<PartitionId> partitions) {
      lock.lock();
      try {
        for (PartitionId partition : partitions) {
          Log log = logs.get(partition);
          if (log == null) {
            listener.onEvents(List.of(new Event.Gone(partition)));
          } else if (watched.add(partition)) {
            listener.onEvents(List.of(new Event.Baseline(partition, log.bounds())));
          }
        }
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void unwatch(Collection<PartitionId> partitions) {
      lock.lock();
      try {
        watched.removeAll(partitions);
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void close() {
      lock.lock();
      try {
        streams.remove(this);
      } finally {
        lock.unlock();
      }
    }
  }

  @Override
  public Page page(Position known) {
    catalogReads.incrementAndGet();
    requireHere();
    return locked(
        () ->
            Page.of(
                new Catalog(
                    catalogVersion,
                    TestFiles.CLUSTER,
                    membershipEpoch,
                    List.copyOf(topics.values()),
                    List.of(new Agent(new AgentId(1), Zone.NONE, "localhost", 9092))),
                known));
  }

  @Override
  public CreateOutcome create(NewTopic topic) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<DeleteOutcome> deleteRecords(List<RecordsBefore> deletions) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean delete(TopicId topic) {
    throw new UnsupportedOperationException();
  }

  @Override
  public GrowOutcome grow(TopicId topic, int partitions) {
    throw new UnsupportedOperationException();
  }

  @Override
  public ConfigureOutcome configure(
      TopicId topic, long expectedVersion, Map<String, String> settings) {
    throw new UnsupportedOperationException();
  }
}
