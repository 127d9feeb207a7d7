package io.weft.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.agent.membership.AgentPlace;
import io.weft.controlplane.api.ControlPlane;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.leader.LeaderSeat;
import io.weft.controlplane.leader.LeaderSettings;
import io.weft.environment.Environment;
import io.weft.rpc.HostPort;
import io.weft.server.address.ClientListeners;
import io.weft.server.clients.BoundedProducer;
import io.weft.server.clients.Deadline;
import io.weft.server.metrics.Metrics;
import io.weft.server.settings.SettingReader;
import io.weft.server.settings.SettingTable;
import io.weft.storage.bucket.ClusterBucket;
import io.weft.storage.object.MeasuringObjectStore;
import io.weft.storage.object.MemoryObjectStore;
import io.weft.storage.object.ObjectOperation;
import io.weft.storage.object.ObjectStoreFigures;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What an agent asks of the object store for the records: one PUT per file and, while its own
/// readers keep up, no GET. However many partitions and clients there are, files that are not full
/// begin at most once per flush interval.
///
/// Holds on a machine of any speed: a slow one takes longer and may then make more files.
@Isolated("a busy machine makes more files")
class RequestCountTest {
  private static final int FLUSH_INTERVAL_MS = 50;
  private static final int RECORDS_PER_CLIENT = 4_000;
  private static final int VALUE_BYTES = 100;
  private static final String TOPIC = "counted";
  private static final long LEADING_MS_MAX = 120_000;
  private static final Duration POLL = Duration.ofMillis(500);

  /// What a client has to do takes a few seconds.
  private static final Duration CLIENTS_MAX = Duration.ofMinutes(4);

  private static final ClientListeners LISTENERS =
      ClientListeners.plain(new HostPort("127.0.0.1", 0), Optional.empty());

  private final Environment environment = Environment.system();
  private final MemoryObjectStore memory = new MemoryObjectStore();
  private final MeasuringObjectStore store =
      new MeasuringObjectStore(memory, "bucket", environment);
  private final OpenedParts parts = new OpenedParts();
  private String address;

  @BeforeEach
  void start() {
    LeaderSeat seat =
        LeaderSeat.open(
            new MemoryObjectStore(), LeaderSettings.standard("test", true), environment);
    parts.add(seat::close);
    seat.awaitLeading(LEADING_MS_MAX);
    ControlPlane controlPlane = seat;
    Map<String, String> flags =
        Map.of(
            "flush.interval.ms", String.valueOf(FLUSH_INTERVAL_MS), "flush.early.per.second", "0");
    AgentOptions settings =
        AgentOptions.of(
            new SettingReader(SettingTable.DEV).read(flags, Map.of(), Optional.empty()),
            AgentPlace.ANYWHERE,
            LISTENERS);
    String clusterId = controlPlane.as(TopicCatalog.class).read(-1).orElseThrow().clusterId();
    Agent agent =
        Agent.of(controlPlane, new ClusterBucket(store, clusterId), settings, environment);
    parts.add(agent::close);
    address = ClientListeners.text(agent.start(LISTENERS, new Metrics()));
  }

  @AfterEach
  void stop() {
    parts.close();
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "10, 1", "100, 1", "1000, 1", "1, 4", "1000, 4"})
  @Timeout(300)
  void aFileCostsOnePutAndItsReadersNoGet(int partitions, int clients) throws Exception {
    List<TopicPartition> all = create(partitions);
    int records = clients * RECORDS_PER_CLIENT;
    long begunMs = environment.clock().monotonicMs();
    List<FutureTask<Integer>> tasks = new ArrayList<>();
    for (int client = 0; client < clients; client++) {
      tasks.add(begin(() -> read(all, records)));
      tasks.add(begin(() -> write(partitions)));
    }
    for (FutureTask<Integer> task : tasks) {
      assertThat(task.get(CLIENTS_MAX.toMillis(), TimeUnit.MILLISECONDS)).isPositive();
    }
    long tookMs = environment.clock().monotonicMs() - begunMs;

    ObjectStoreFigures figures = store.figures();
    long puts = figures.of(ObjectOperation.PUT_IF_ABSENT).calls();
    // Times are whole milliseconds: of two files one may seem to be a millisecond older.
    assertThat(puts).isBetween(1L, 1 + tookMs / (FLUSH_INTERVAL_MS - 1));
    assertThat(memory.list("files/", "", 1_000)).hasSize((int) puts);
    figures
        .operations()
        .forEach(
            (operation, of) -> {
              if (operation != ObjectOperation.PUT_IF_ABSENT) {
                assertThat(of.calls()).as("%s", operation).isZero();
              }
            });
  }

  private List<TopicPartition> create(int partitions) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", address))) {
      admin.createTopics(List.of(new NewTopic(TOPIC, partitions, (short) 1))).all().get();
    }
    return IntStream.range(0, partitions).mapToObj(i -> new TopicPartition(TOPIC, i)).toList();
  }

  private static FutureTask<Integer> begin(Callable<Integer> body) {
    FutureTask<Integer> task = new FutureTask<>(body);
    Thread.ofPlatform().daemon().start(task);
    return task;
  }

  private int write(int partitions) {
    try (KafkaProducer<byte[], byte[]> producer =
        new BoundedProducer<>(
            Map.of("bootstrap.servers", address),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int i = 0; i < RECORDS_PER_CLIENT; i++) {
        var _ =
            producer.send(new ProducerRecord<>(TOPIC, i % partitions, null, new byte[VALUE_BYTES]));
      }
    }
    return RECORDS_PER_CLIENT;
  }

  private int read(List<TopicPartition> all, int records) {
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", address),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.assign(all);
      consumer.seekToBeginning(all);
      int read = 0;
      Deadline deadline = Deadline.in(CLIENTS_MAX);
      while (read < records) {
        read += consumer.poll(POLL).count();
        deadline.check("only %d of %d records came", read, records);
      }
      return read;
    }
  }
}
