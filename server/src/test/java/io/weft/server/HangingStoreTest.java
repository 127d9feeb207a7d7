package io.weft.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.server.clients.BoundedProducer;
import io.weft.server.clients.Deadline;
import io.weft.server.process.WeftProcess;
import io.weft.server.proxy.FaultyProxy;
import io.weft.storage.object.s3.S3Endpoint;
import io.weft.storage.object.s3.S3ProxyServer;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// While the store answers nothing, an agent with a small heap holds no more than it may, and once
/// the store answers again all goes on: what was acknowledged is there, and nothing twice.
@Order(1)
class HangingStoreTest {
  private static final List<String> SMALL_HEAP = List.of("-Xmx256m", "-XX:+ExitOnOutOfMemoryError");
  private static final String TOPIC = "held-back";
  private static final int PARTITIONS = 4;
  private static final int PRODUCERS = 24;
  private static final int VALUE_BYTES = 10_000;

  /// A store that is silent for so long is asked anew.
  private static final int SILENCE_MS = 3_000;

  /// How long the store hangs at least; a minute with `-Dweft.stall.ms=60000`. It goes on until the
  /// producers have sent all that they may.
  private static final long STALL_MS = Long.getLong("weft.stall.ms", 2 * SILENCE_MS);

  /// As long as this nothing is sent by producers that may send no more.
  private static final long STILL_MS = 1_000;

  /// Little more than a producer may have under way: five requests of 1 MiB.
  private static final int PRODUCER_BYTES = 6 << 20;

  private static final int ACKED_BEFORE = 500;
  private static final int SENT_AFTER = 500;
  private static final long LOOK_MS = 50;
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final int EMPTY_POLLS_MAX = 120;

  @TempDir Path folder;

  private S3ProxyServer s3;
  private FaultyProxy proxy;
  private String bucketUrl;
  private List<String> jvmOptions;

  @BeforeEach
  void startStore() throws Exception {
    s3 = S3ProxyServer.inFolder(Files.createDirectory(folder.resolve("s3")));
    S3Endpoint real = s3.endpoint();
    real.createBucket("weft");
    proxy = FaultyProxy.start(Integer.parseInt(real.url().replaceAll(".*:", "")), 1);
    S3Endpoint slowed =
        new S3Endpoint("http://127.0.0.1:" + proxy.port(), real.accessKey(), real.secretKey());
    bucketUrl = slowed.storeUrl("weft", "data") + "&silenceTimeoutMs=" + SILENCE_MS;
    jvmOptions = new ArrayList<>(SMALL_HEAP);
    jvmOptions.add("-Daws.accessKeyId=" + real.accessKey());
    jvmOptions.add("-Daws.secretAccessKey=" + real.secretKey());
  }

  @AfterEach
  void stopStore() {
    proxy.close();
    s3.close();
  }

  @Test
  @Timeout(300)
  void theStoreOfTheRecordsHangs() throws Exception {
    try (WeftProcess controlPlane = WeftProcess.controlPlane(folder, "-Xmx512m");
        WeftProcess agent =
            WeftProcess.start(
                folder.resolve("agent"),
                jvmOptions,
                List.of(
                    "agent",
                    "--listen",
                    "127.0.0.1:0",
                    "--control-plane",
                    controlPlane.address(),
                    "--bucket",
                    bucketUrl))) {
      outlives(agent);
    }
  }

  @Test
  @Timeout(300)
  void theStoreOfRecordsAndJournalHangs() throws Exception {
    try (WeftProcess weft =
        WeftProcess.start(folder, jvmOptions, List.of("dev", "--port", "0", "--data", bucketUrl))) {
      outlives(weft);
    }
  }

  private void outlives(WeftProcess weft) throws Exception {
    createTopic(weft);
    List<Load> loads = new ArrayList<>();
    for (int i = 0; i < PRODUCERS; i++) {
      loads.add(new Load(weft.address(), i));
    }
    List<Thread> threads = loads.stream().map(Thread.ofPlatform().daemon()::start).toList();
    String told;
    try {
      told = hang(loads);
    } finally {
      loads.forEach(load -> load.stopped = true);
    }
    Deadline deadline = Deadline.usual();
    for (Thread thread : threads) {
      while (!thread.join(Duration.ofMillis(LOOK_MS))) {
        deadline.check("%s goes on: %d of %d sent", thread.getName(), acked(loads), sent(loads));
      }
    }
    assertThat(weft.process().pid()).matches(HangingStoreTest::isAlive);
    assertThat(loads).allSatisfy(load -> assertThat(load.unexpected).isEmpty());
    assertThat(loads).allSatisfy(load -> assertThat(load.last).isDone());
    Map<Long, Integer> seen = readAll(weft);
    assertThat(seen.values()).as("each once").allMatch(times -> times == 1);
    loads.forEach(load -> assertThat(seen.keySet()).containsAll(load.acked.keySet()));
    System.out.printf(
        "%d sent, %d acknowledged (%s), %d there%n", sent(loads), acked(loads), told, seen.size());
  }

  /// Lets the store hang under these producers, and come back.
  ///
  /// @return what was seen meanwhile
  private String hang(List<Load> loads) throws InterruptedException {
    awaitAcked(loads, ACKED_BEFORE);
    proxy.stall();
    Thread.sleep(STALL_MS);
    awaitAllSent(loads);
    int sentBefore = sent(loads);
    int ackedBefore = acked(loads);
    proxy.release();
    long releasedMs = System.currentTimeMillis();
    awaitAcked(loads, ackedBefore + 1);
    long backMs = System.currentTimeMillis() - releasedMs;
    Deadline deadline = Deadline.usual();
    while (sent(loads) < sentBefore + SENT_AFTER) {
      deadline.check("only %d records were sent since the store is back", sent(loads) - sentBefore);
      Thread.sleep(LOOK_MS);
    }
    return "%d before the store was back, the next %d ms after".formatted(ackedBefore, backMs);
  }

  /// Until every producer has all under way that it may.
  private static void awaitAllSent(List<Load> loads) throws InterruptedException {
    Deadline deadline = Deadline.usual();
    int before;
    do {
      before = sent(loads);
      deadline.check("producers still send while the store hangs: %d records", before);
      Thread.sleep(STILL_MS);
    } while (sent(loads) > before);
  }

  private static int sent(List<Load> loads) {
    return loads.stream().mapToInt(load -> load.sent.get()).sum();
  }

  private static int acked(List<Load> loads) {
    return loads.stream().mapToInt(load -> load.acked.size()).sum();
  }

  private static void awaitAcked(List<Load> loads, int count) throws InterruptedException {
    Deadline deadline = Deadline.usual();
    while (acked(loads) < count) {
      deadline.check("only %d of %d records were acknowledged", acked(loads), count);
      Thread.sleep(LOOK_MS);
    }
  }

  private static boolean isAlive(long pid) {
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }

  private static void createTopic(WeftProcess weft) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", weft.address()))) {
      admin.createTopics(List.of(new NewTopic(TOPIC, PARTITIONS, (short) 1))).all().get();
    }
  }

  /// How often each record's number is in the topic.
  private static Map<Long, Integer> readAll(WeftProcess weft) {
    Map<Long, Integer> seen = new HashMap<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", weft.address()),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> all = new ArrayList<>();
      for (int partition = 0; partition < PARTITIONS; partition++) {
        all.add(new TopicPartition(TOPIC, partition));
      }
      consumer.assign(all);
      consumer.seekToBeginning(all);
      Map<TopicPartition, Long> ends = consumer.endOffsets(all);
      int emptyPolls = 0;
      while (all.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
        int before = seen.size();
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          seen.merge(ByteBuffer.wrap(record.value()).getLong(), 1, Integer::sum);
        }
        emptyPolls = seen.size() == before ? emptyPolls + 1 : 0;
        assertThat(emptyPolls).isLessThan(EMPTY_POLLS_MAX);
      }
    }
    return seen;
  }

  /// One idempotent producer that sends as fast as it is let. Its fields are read when it has ended
  /// or are safe to read before.
  private static final class Load implements Runnable {
    private final String bootstrapServers;
    private final int number;
    private final AtomicInteger sent = new AtomicInteger();
    private final Map<Long, Boolean> acked = new ConcurrentHashMap<>();
    private final Map<String, Exception> unexpected = new ConcurrentHashMap<>();
    private volatile boolean stopped;
    private volatile Future<RecordMetadata> last;

    private Load(String bootstrapServers, int number) {
      this.bootstrapServers = bootstrapServers;
      this.number = number;
    }

    @Override
    public void run() {
      Map<String, Object> settings =
          Map.of(
              "bootstrap.servers",
              bootstrapServers,
              "buffer.memory",
              PRODUCER_BYTES,
              "batch.size",
              250_000,
              "linger.ms",
              20);
      try (KafkaProducer<byte[], byte[]> producer =
          new BoundedProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
        while (!stopped) {
          send(producer, ((long) number << Integer.SIZE) + sent.getAndIncrement());
        }
      }
    }

    private void send(KafkaProducer<byte[], byte[]> producer, long id) {
      byte[] value = ByteBuffer.allocate(VALUE_BYTES).putLong(id).array();
      int partition = Math.floorMod((int) id, PARTITIONS);
      last =
          producer.send(
              new ProducerRecord<>(TOPIC, partition, null, value),
              (placed, failure) -> {
                if (failure == null) {
                  acked.put(id, true);
                } else if (!(failure instanceof RetriableException)) {
                  unexpected.put(failure.toString(), failure);
                }
              });
    }
  }
}
