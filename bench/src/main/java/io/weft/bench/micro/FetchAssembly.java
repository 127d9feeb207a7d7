package io.weft.bench.micro;

import io.weft.agent.ahead.AheadSettings;
import io.weft.agent.ahead.ReadAhead;
import io.weft.agent.cache.CacheSettings;
import io.weft.agent.cache.LocalChunks;
import io.weft.agent.catalog.LiveCatalog;
import io.weft.agent.fetch.FetchOrder;
import io.weft.agent.fetch.FetchSettings;
import io.weft.agent.fetch.Fetched;
import io.weft.agent.fetch.Isolation;
import io.weft.agent.fetch.LogFetcher;
import io.weft.agent.fetch.TailIndex;
import io.weft.agent.fetch.TailSettings;
import io.weft.controlplane.api.ControlPlane;
import io.weft.controlplane.api.ExtentIndex;
import io.weft.controlplane.api.FileLedger;
import io.weft.controlplane.api.FileLedger.LeaseOutcome;
import io.weft.controlplane.api.Membership;
import io.weft.controlplane.api.Membership.Registered;
import io.weft.controlplane.api.Sequencer;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.TopicCatalog.NewTopic;
import io.weft.controlplane.api.UploadedBatches;
import io.weft.controlplane.api.UploadedFile;
import io.weft.controlplane.leader.LeaderSeat;
import io.weft.controlplane.leader.LeaderSettings;
import io.weft.environment.Environment;
import io.weft.model.AgentId;
import io.weft.model.Zone;
import io.weft.protocol.record.VerifiedBatch;
import io.weft.storage.bucket.ClusterBucket;
import io.weft.storage.file.ComposedFile;
import io.weft.storage.file.FileComposer;
import io.weft.storage.file.FileOrigin;
import io.weft.storage.file.FilePlace;
import io.weft.storage.file.PartitionRun;
import io.weft.storage.object.MemoryObjectStore;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// One fetch of 1 MiB of one partition's tail, as the consumer asks for it by default: located from
/// what was streamed here, planned, read from memory, given its offsets. Without the socket.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class FetchAssembly {
  private static final int FILE_BYTES = 4 << 20;
  private static final int FETCH_BYTES = 1 << 20;
  private static final int FILES = 8;
  private static final long WAIT_MS = 30_000;

  @Param({"16384", "131072"})
  public int batchBytes;

  private final Environment environment = Environment.system();
  private LeaderSeat seat;
  private TailIndex tails;
  private LogFetcher fetcher;
  private long recordsPerFile;
  private long offset;

  @Setup
  public void prepare() throws InterruptedException {
    MemoryObjectStore store = new MemoryObjectStore();
    seat = LeaderSeat.open(store, LeaderSettings.standard("benchmark", true), environment);
    seat.awaitLeading(WAIT_MS);
    ControlPlane controlPlane = seat;
    Registered registered =
        controlPlane.as(Membership.class).register(new UUID(1, 1), Zone.NONE, "localhost", 9092);
    AgentId agent = registered.id();
    ClusterBucket bucket = new ClusterBucket(store, registered.clusterId());
    controlPlane
        .as(TopicCatalog.class)
        .create(new NewTopic(Samples.TOPIC, "load", 1, (short) 1, Map.of()));
    LocalChunks chunks = new LocalChunks(bucket, CacheSettings.STANDARD);
    tails =
        new TailIndex(
            controlPlane.feed(),
            () -> agent,
            new LiveCatalog(controlPlane.as(TopicCatalog.class)),
            environment,
            TailSettings.STANDARD);
    tails.open();
    fetcher =
        new LogFetcher(
            tails,
            controlPlane.as(ExtentIndex.class),
            chunks,
            new ReadAhead(
                controlPlane.as(ExtentIndex.class), chunks, environment, AheadSettings.OFF),
            environment,
            FetchSettings.STANDARD);
    // From here on the partition is watched, and what is committed is streamed.
    fetch(0, 1, 1_000);
    write(controlPlane, registered, chunks);
    List<Fetched> fetched = fetch(0, FETCH_BYTES / 2, WAIT_MS);
    if (!(fetched.getFirst() instanceof Fetched.Records answer)
        || answer.records().sizeInBytes() < FETCH_BYTES / 2) {
      throw new IllegalStateException("not what was written: " + fetched);
    }
  }

  @TearDown
  public void end() {
    tails.close();
    seat.close();
  }

  /// Time per answer; each begins at the beginning of a file, one after the other.
  @Benchmark
  public List<Fetched> fetch() throws InterruptedException {
    offset = (offset + recordsPerFile) % (recordsPerFile * FILES);
    return fetch(offset, 1, 0);
  }

  private List<Fetched> fetch(long from, long bytesMin, long waitMs) throws InterruptedException {
    return fetcher.fetch(
        new FetchOrder(
            List.of(new FetchOrder.Want(Samples.partition(0), from, FETCH_BYTES)),
            FetchSettings.STANDARD.bytesMax(),
            bytesMin,
            waitMs,
            Isolation.READ_UNCOMMITTED));
  }

  private void write(ControlPlane controlPlane, Registered registered, LocalChunks chunks) {
    AgentId agent = registered.id();
    VerifiedBatch batch = Samples.verified(Samples.batch(batchBytes, "none"));
    int batches = FILE_BYTES / batchBytes;
    PartitionRun run =
        new PartitionRun(Samples.partition(0), Collections.nCopies(batches, Samples.stored(batch)));
    recordsPerFile = (long) batch.records() * batches;
    if (!(controlPlane.as(FileLedger.class).lease(agent, FILES)
        instanceof LeaseOutcome.Leased leased)) {
      throw new IllegalStateException("no file ids");
    }
    for (long fileId = leased.first(); fileId < leased.first() + FILES; fileId++) {
      ComposedFile file =
          FileComposer.compose(
              new FileOrigin(registered.clusterId(), fileId, fileId), List.of(run));
      chunks.keepFresh(FilePlace.of(fileId), file);
      UploadedFile uploaded =
          new UploadedFile(
              fileId,
              file.body().length(),
              FileComposer.HEADER_BYTES,
              List.of(uploaded(batch, batches)));
      controlPlane.as(Sequencer.class).commit(agent, fileId, List.of(uploaded));
    }
  }

  private static UploadedBatches uploaded(VerifiedBatch batch, int rows) {
    int[] lengths = new int[rows];
    Arrays.fill(lengths, batch.sizeInBytes());
    int[] records = new int[rows];
    Arrays.fill(records, batch.records());
    long[] none = new long[rows];
    Arrays.fill(none, -1);
    short[] noEpochs = new short[rows];
    Arrays.fill(noEpochs, (short) -1);
    int[] noSequences = new int[rows];
    Arrays.fill(noSequences, -1);
    return new UploadedBatches(
        Samples.partition(0), lengths, records, none, none, noEpochs, noSequences, new byte[rows]);
  }
}
