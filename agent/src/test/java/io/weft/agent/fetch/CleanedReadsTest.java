package io.weft.agent.fetch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.weft.agent.cleaning.CleanedFiles;
import io.weft.agent.cleaning.CleaningLoop;
import io.weft.agent.cleaning.CleaningSettings;
import io.weft.agent.compaction.CompactionSettings;
import io.weft.agent.fetch.TestCluster.Run;
import io.weft.agent.files.FileIds;
import io.weft.controlplane.api.FileLedger;
import io.weft.controlplane.api.file.Cleanings;
import io.weft.controlplane.api.file.Compactions.Swap;
import io.weft.controlplane.api.file.Compactions.SwapOutcome;
import io.weft.controlplane.api.file.Compactions.SwappedRun;
import io.weft.environment.Environment;
import io.weft.environment.Pending;
import io.weft.model.AgentId;
import io.weft.model.Extent;
import io.weft.model.Marker;
import io.weft.model.PartitionId;
import io.weft.model.Span;
import io.weft.storage.bucket.ClusterBucket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A partition is read, cleaned by an agent, and read again: the last record of each key is still
/// there, and where it was.
@Timeout(300)
final class CleanedReadsTest {
  private static final AgentId AGENT = new AgentId(1);
  private static final long FIRST_ID = 1_000;
  private static final int KEYS = 9;

  private final Environment environment = Environment.system();
  private final TestCluster cluster = new TestCluster();
  private final PartitionId partition = new PartitionId(cluster.addTopic("topic", 1), 0);
  private final TestAgent reader = new TestAgent(cluster, environment);
  private final OneJob jobs = new OneJob();
  private final int[] sequences = new int[10];
  private long records;

  private final CleaningLoop loop =
      new CleaningLoop(
          environment,
          jobs,
          cluster,
          () -> Optional.of(AGENT),
          new TestAgent(cluster, environment).chunks(),
          new CleanedFiles(
              environment,
              jobs,
              new ClusterBucket(cluster.store(), TestFiles.CLUSTER),
              new FileIds(environment, new Ids(), () -> AGENT, CompactionSettings.STANDARD.files()),
              CompactionSettings.STANDARD.files()),
          new CleaningSettings(true, 1 << 20, 400, 200, 1 << 20, 64 << 20, 10));

  @AfterEach
  void close() {
    loop.close();
    reader.close();
  }

  private record Seen(long offset, long timestampMs, Optional<String> value) {}

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void theLastRecordOfEachKeyStaysWhereItWas(long seed) throws InterruptedException {
    Random random = new Random(seed);
    for (int i = 0; i < 40; i++) {
      commit(random, seed % 2 == 0 ? 50_000 + i : -1);
    }
    cluster.end(7, false, 9_000, partition);
    cluster.end(8, true, 9_000, partition);
    List<Span> spans = cluster.spans(partition);
    Map<String, Seen> before = table();

    jobs.offer(spans.getLast().lastOffset() + 1);
    loop.start();
    jobs.done.await();

    assertThat(jobs.swaps.size()).as("pieces").isGreaterThan(1);
    assertThat(table()).isEqualTo(before);
    assertThat(cluster.spans(partition).stream().filter(Marker.class::isInstance))
        .isEqualTo(spans.stream().filter(Marker.class::isInstance).toList());
    long left = records;
    assertThat(left).isLessThan(2L * KEYS + 2);
    assertThat(loop.figures().read().rounds()).isEqualTo(1);
    assertThat(loop.figures().read().files()).isEqualTo(jobs.swaps.size());
    assertThat(jobs.swaps.stream().flatMap(swap -> swap.runs().stream()))
        .allMatch(run -> StoredSums.addUp(cluster.store(), run))
        .anyMatch(run -> run.removed() != 0);
    assertThat(
            cluster.spans(partition).stream()
                .filter(Extent.class::isInstance)
                .map(Extent.class::cast))
        .allMatch(Extent::hasOwnOffsets);
  }

  private void commit(Random random, long logAppendTimeMs) {
    int producer = 6 + random.nextInt(3);
    cluster.commit(
        new Run(partition, logAppendTimeMs, List.of(batch(random, producer == 6 ? -1 : producer))));
    if (random.nextInt(4) == 0) {
      cluster.end(7 + random.nextInt(2), random.nextBoolean(), 9_000, partition);
    }
  }

  private TestBatch batch(Random random, int producer) {
    MemoryRecordsBuilder builder =
        MemoryRecords.builder(
            ByteBuffer.allocate(1 << 10),
            RecordBatch.MAGIC_VALUE_V2,
            random.nextBoolean() ? Compression.NONE : Compression.zstd().build(),
            TimestampType.CREATE_TIME,
            0,
            RecordBatch.NO_TIMESTAMP,
            producer,
            (short) (producer < 0 ? -1 : 0),
            producer < 0 ? -1 : sequences[producer],
            producer >= 0,
            false,
            0);
    List<String> values = new ArrayList<>();
    int count = 1 + random.nextInt(5);
    for (int i = 0; i < count; i++) {
      String value = "v" + random.nextLong() + "x".repeat(random.nextInt(60));
      values.add(value);
      builder.append(
          new SimpleRecord(
              1_000 + i,
              ("k" + random.nextInt(KEYS)).getBytes(UTF_8),
              random.nextInt(5) == 0 ? null : value.getBytes(UTF_8)));
    }
    if (producer >= 0) {
      sequences[producer] += count;
    }
    ByteBuffer built = builder.build().buffer();
    byte[] bytes = new byte[built.remaining()];
    built.get(bytes);
    return new TestBatch(bytes, values, 1_000 + count - 1, producer);
  }

  /// What a reader of committed records knows of each key, from the log's start to its end.
  private Map<String, Seen> table() {
    Map<String, Seen> table = new TreeMap<>();
    records = 0;
    long position = 0;
    long end = cluster.spans(partition).getLast().lastOffset() + 1;
    while (position < end) {
      FetchOrder order =
          new FetchOrder(
              List.of(new FetchOrder.Want(partition, position, 1 << 20)),
              1 << 20,
              0,
              0,
              Isolation.READ_COMMITTED);
      Fetched.Records fetched = (Fetched.Records) reader.fetch(order).getFirst();
      for (MutableRecordBatch batch :
          MemoryRecords.readableRecords(fetched.records().copied()).batches()) {
        batch.ensureValid();
        position = batch.nextOffset();
        long base = batch.baseOffset();
        boolean isAborted =
            batch.isTransactional()
                && fetched.aborted().stream()
                    .anyMatch(
                        range ->
                            range.producerId() == batch.producerId()
                                && range.firstOffset() <= base
                                && base < range.markerOffset());
        if (!batch.isControlBatch() && !isAborted) {
          batch.forEach(each -> put(table, each));
        }
      }
    }
    return table;
  }

  private void put(Map<String, Seen> table, Record each) {
    records++;
    Optional<String> value =
        each.hasValue() ? Optional.of(UTF_8.decode(each.value()).toString()) : Optional.empty();
    table.put(
        UTF_8.decode(each.key()).toString(), new Seen(each.offset(), each.timestamp(), value));
  }

  /// Offers the partition once, and believes the swaps.
  private final class OneJob implements Cleanings {
    private final Pending<Boolean> done = new Pending<>();
    private final List<Swap> swaps = new ArrayList<>();
    private boolean given;
    private volatile Assignment next = new Assignment.Nothing();

    void offer(long end) {
      next = new Assignment.Job(5, partition, 0, end, 100_000, 1_000);
    }

    @Override
    public Assignment next(AgentId agent) {
      Assignment now = next;
      next = new Assignment.Nothing();
      if (given) {
        done.complete(true);
      }
      given |= now instanceof Assignment.Job;
      return now;
    }

    @Override
    public SwapOutcome swap(AgentId agent, Swap swap) {
      swaps.add(swap);
      for (SwappedRun run : swap.runs()) {
        cluster.replace(run.partition(), run.after(), true);
      }
      return new SwapOutcome.Swapped();
    }

    @Override
    public void giveUp(AgentId agent, long job, boolean forLong) {
      done.complete(false);
    }
  }

  private static final class Ids implements FileLedger {
    private long next = FIRST_ID;

    @Override
    public LeaseOutcome lease(AgentId agent, int count) {
      long first = next;
      next += count;
      return new LeaseOutcome.Leased(first, count, 300_000);
    }

    @Override
    public LeaseOutcome leaseLowLatency(AgentId agent, int count) {
      return lease(agent, count);
    }
  }
}
