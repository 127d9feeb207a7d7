package io.weft.agent.fetch;

import io.weft.agent.ahead.AheadSettings;
import io.weft.agent.ahead.ReadAhead;
import io.weft.agent.cache.CacheSettings;
import io.weft.agent.cache.LocalChunks;
import io.weft.agent.catalog.LiveCatalog;
import io.weft.agent.fetch.FetchOrder.Want;
import io.weft.environment.Environment;
import io.weft.environment.Pending;
import io.weft.model.AgentId;
import io.weft.model.PartitionId;
import io.weft.storage.bucket.ClusterBucket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;

/// The fetching half of an agent over a test cluster.
public final class TestAgent implements AutoCloseable {
  public static final FetchSettings FETCH = new FetchSettings(1 << 20, 300_000, 16, 4, 100);

  private final TestCluster cluster;
  private final Environment environment;
  private final LocalChunks chunks;
  private final LiveCatalog catalog;
  private final ReadAhead ahead;
  private final TailIndex tails;
  private final LogFetcher fetcher;
  private final OffsetSearch search;

  public TestAgent(TestCluster cluster, Environment environment) {
    this(
        cluster,
        environment,
        new CacheSettings(1 << 20, 64 << 20, 4),
        new TailSettings(100, 8, 64, 50, 5_000),
        FETCH);
  }

  public TestAgent(
      TestCluster cluster,
      Environment environment,
      CacheSettings cacheSettings,
      TailSettings tailSettings,
      FetchSettings fetchSettings) {
    this.cluster = cluster;
    this.environment = environment;
    this.chunks =
        new LocalChunks(new ClusterBucket(cluster.store(), TestFiles.CLUSTER), cacheSettings);
    this.catalog = new LiveCatalog(cluster);
    this.tails = new TailIndex(cluster, () -> new AgentId(1), catalog, environment, tailSettings);
    this.ahead = new ReadAhead(cluster, chunks, environment, AheadSettings.of(cacheSettings));
    this.fetcher = new LogFetcher(tails, cluster, chunks, ahead, environment, fetchSettings);
    this.search = new OffsetSearch(cluster, chunks, environment, fetchSettings);
  }

  /// Opens the stream of commits and returns once it is there.
  public TestAgent streaming() {
    tails.open();
    awaitStreams(1);
    return this;
  }

  void awaitStreams(int count) {
    while (cluster.streams() != count) {
      Thread.onSpinWait();
    }
  }

  public LocalChunks chunks() {
    return chunks;
  }

  ReadAhead ahead() {
    return ahead;
  }

  public LiveCatalog catalog() {
    return catalog;
  }

  TailIndex tails() {
    return tails;
  }

  public LogFetcher fetcher() {
    return fetcher;
  }

  public OffsetSearch search() {
    return search;
  }

  List<Fetched> fetch(FetchOrder order) {
    try {
      return fetcher.fetch(order);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  /// One partition, at once, whatever there is.
  Fetched fetch(PartitionId partition, long offset) {
    return fetch(order(0, 0, new Want(partition, offset, 1 << 20))).getFirst();
  }

  Pending<List<Fetched>> begin(FetchOrder order) {
    Pending<List<Fetched>> answer = new Pending<>();
    environment.tasks().start("fetch", () -> answer.complete(fetch(order)));
    return answer;
  }

  static FetchOrder order(long bytesMin, long waitMsMax, Want... wants) {
    return new FetchOrder(List.of(wants), 1 << 20, bytesMin, waitMsMax, Isolation.READ_UNCOMMITTED);
  }

  /// Offset → value of what was fetched, after checking every batch as a consumer does.
  static SequencedMap<Long, String> values(Fetched fetched) {
    SequencedMap<Long, String> values = new LinkedHashMap<>();
    MemoryRecords records =
        MemoryRecords.readableRecords(((Fetched.Records) fetched).records().copied());
    for (MutableRecordBatch batch : records.batches()) {
      batch.ensureValid();
      for (Record record : batch) {
        values.put(record.offset(), StandardCharsets.UTF_8.decode(record.value()).toString());
      }
    }
    return values;
  }

  static List<String> valueList(Fetched fetched) {
    return new ArrayList<>(values(fetched).sequencedValues());
  }

  static int bytes(Fetched fetched) {
    return fetched instanceof Fetched.Records records ? records.records().sizeInBytes() : 0;
  }

  @Override
  public void close() {
    tails.close();
  }
}
