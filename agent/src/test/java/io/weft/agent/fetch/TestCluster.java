package io.weft.agent.fetch;

import io.weft.controlplane.api.CommitFeed;
import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.ExtentIndex;
import io.weft.controlplane.api.Membership.Agent;
import io.weft.controlplane.api.PartitionBounds;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.model.AgentId;
import io.weft.model.Extent;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import io.weft.model.Zone;
import io.weft.storage.file.FileLayout;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// A control plane and its files, as little as fetching needs; written from the contracts, without
/// looking at the real one. Thread-safe.
public final class TestCluster implements ExtentIndex, CommitFeed, TopicCatalog {
  private static final int FILE_HEAD_BYTES = 8;

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
    private final List<Extent> extents = new ArrayList<>();
    private long logStart;
    private long highWatermark;
    private long lastStable = -1;

    PartitionBounds bounds() {
      return new PartitionBounds(
          logStart, highWatermark, lastStable < 0 ? highWatermark : lastStable);
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
      ByteArrayOutputStream file = new ByteArrayOutputStream();
      file.writeBytes(new byte[FILE_HEAD_BYTES]);
      Map<PartitionId, Extent> extents = new LinkedHashMap<>();
      for (Run run : runs) {
        extents.put(run.partition(), append(run, fileId, file));
      }
      store.putFile(fileId, file.toByteArray());
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

  private Extent append(Run run, long fileId, ByteArrayOutputStream file) {
    Log log = logs.get(run.partition());
    int position = file.size();
    long base = log.highWatermark;
    long maxTimestampMs = -1;
    for (TestBatch batch : run.batches()) {
      file.writeBytes(batch.bytes());
      log.highWatermark += batch.values().size();
      maxTimestampMs = Math.max(maxTimestampMs, batch.maxTimestampMs());
    }
    Extent extent =
        new Extent(
            fileId,
            position,
            file.size() - position,
            base,
            log.highWatermark - 1,
            run.logAppendTimeMs() >= 0 ? run.logAppendTimeMs() : maxTimestampMs,
            run.logAppendTimeMs());
    log.extents.add(extent);
    return extent;
  }

  /// Rewrites all of a partition into one new file, as compaction does; the old files stay.
  public long compact(PartitionId partition) {
    lock.lock();
    try {
      Log log = logs.get(partition);
      long fileId = nextFile++;
      ByteArrayOutputStream file = new ByteArrayOutputStream();
      file.writeBytes(new byte[FILE_HEAD_BYTES]);
      for (Extent extent : log.extents) {
        ByteBuffer bytes = ByteBuffer.allocate(extent.length());
        store.read(FileLayout.key(extent.fileId()), extent.position(), bytes);
        file.writeBytes(bytes.array());
      }
      store.putFile(fileId, file.toByteArray());
      Extent first = log.extents.getFirst();
      Extent last = log.extents.getLast();
      log.extents.clear();
      log.extents.add(
          new Extent(
              fileId,
              FILE_HEAD_BYTES,
              file.size() - FILE_HEAD_BYTES,
              first.baseOffset(),
              last.lastOffset(),
              last.maxTimestampMs(),
              -1));
      return fileId;
    } finally {
      lock.unlock();
    }
  }

  public void setLogStart(PartitionId partition, long offset) {
    change(partition, log -> log.logStart = offset);
  }

  public void setLastStable(PartitionId partition, long offset) {
    change(partition, log -> log.lastStable = offset);
  }

  private void change(PartitionId partition, Consumer<Log> change) {
    lock.lock();
    try {
      Log log = logs.get(partition);
      change.accept(log);
      log.extents.removeIf(extent -> extent.lastOffset() < log.logStart);
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
    lock.lock();
    try {
      return streams.size();
    } finally {
      lock.unlock();
    }
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
    lock.lock();
    try {
      return streams.stream().anyMatch(stream -> stream.watched.contains(partition));
    } finally {
      lock.unlock();
    }
  }

  private void tell(PartitionId partition, Event event) {
    for (Stream stream : List.copyOf(streams)) {
      if (stream.watched.contains(partition)) {
        stream.listener.onEvents(List.of(event));
      }
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
    lock.lock();
    try {
      return queries.stream().map(this::find).toList();
    } finally {
      lock.unlock();
    }
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
    List<Extent> found = new ArrayList<>();
    long bytes = 0;
    for (Extent extent : log.extents) {
      if (extent.lastOffset() >= query.offset() && (found.isEmpty() || bytes < query.bytesMax())) {
        found.add(extent);
        bytes += extent.length();
      }
    }
    return new ExtentsFound.Found(bounds, found);
  }

  @Override
  public List<ExtentsFound> findByTime(List<TimeQuery> queries) {
    finds.incrementAndGet();
    requireHere();
    lock.lock();
    try {
      return queries.stream().map(this::findByTime).toList();
    } finally {
      lock.unlock();
    }
  }

  private ExtentsFound findByTime(TimeQuery query) {
    Log log = logs.get(query.partition());
    if (log == null) {
      return new ExtentsFound.UnknownPartition();
    }
    long timestampMs =
        query.timestampMs() == TimeQuery.MAX_TIMESTAMP
            ? log.extents.stream().mapToLong(Extent::maxTimestampMs).max().orElse(0)
            : query.timestampMs();
    for (int i = 0; i < log.extents.size(); i++) {
      if (log.extents.get(i).maxTimestampMs() >= timestampMs) {
        int end = Math.min(i + 16, log.extents.size());
        return new ExtentsFound.Found(log.bounds(), List.copyOf(log.extents.subList(i, end)));
      }
    }
    return new ExtentsFound.Found(log.bounds(), List.of());
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
  public Optional<Catalog> read(long knownVersion) {
    catalogReads.incrementAndGet();
    requireHere();
    lock.lock();
    try {
      return knownVersion == catalogVersion
          ? Optional.empty()
          : Optional.of(
              new Catalog(
                  catalogVersion,
                  "cluster",
                  membershipEpoch,
                  List.copyOf(topics.values()),
                  List.of(new Agent(new AgentId(1), Zone.NONE, "localhost", 9092))));
    } finally {
      lock.unlock();
    }
  }

  @Override
  public CreateOutcome create(NewTopic topic) {
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
