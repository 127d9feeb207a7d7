package io.weft.server.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.server.clients.BoundedProducer;
import io.weft.server.process.WeftProcess;
import io.weft.storage.object.s3.S3Endpoint;
import io.weft.storage.object.s3.S3ProxyServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The leader is cut off from its store and from nothing else: it goes on talking to agents, but no
/// reader waits for it when another leads.
@Timeout(300)
class LeaderWithoutItsStoreTest {
  private static final String TOPIC = "t";
  private static final TopicPartition PARTITION = new TopicPartition(TOPIC, 0);
  private static final int LEASE_MS = 2_000;
  private static final long WAIT_MS_MAX = 120_000;

  /// Lease and silence of feeds are ten seconds, and a busy machine may take its time. A feed that
  /// lived on would tell nothing for two minutes.
  private static final long SEEN_MS_MAX = 60_000;

  private static final Duration POLL = Duration.ofMillis(200);

  private static final String LEADS = " Leads from entry ";

  @TempDir Path folder;

  private final List<AutoCloseable> opened = new ArrayList<>();
  private final List<Future<RecordMetadata>> sent = new ArrayList<>();
  private final List<String> read = new ArrayList<>();
  private S3Endpoint store;

  @BeforeEach
  void startStore() throws Exception {
    store = opened(S3ProxyServer.inMemory()).endpoint();
    store.createBucket("weft");
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable each : opened.reversed()) {
      each.close();
    }
  }

  @Test
  void readersSeeWhatTheNextLeaderCommits() throws Exception {
    FaultyProxy toStore = opened(FaultyProxy.start(port(store.url()), 1));
    WeftProcess leader = controlPlane("leader", toStore.port());
    leader.process().awaitLine(line -> line.contains(LEADS));
    WeftProcess standby = controlPlane("standby", port(store.url()));
    WeftProcess agent = agent(leader.address() + "," + standby.address());
    createTopic(agent);
    KafkaProducer<String, String> producer = producer(agent);
    KafkaConsumer<String, String> consumer = consumer(agent);
    send(producer, 20);
    pollAll(consumer, WAIT_MS_MAX);

    toStore.stall();
    standby.process().awaitLine(line -> line.contains(LEADS));
    send(producer, 20);
    pollAll(consumer, SEEN_MS_MAX);
    assertThat(leader.process().isAlive()).isTrue();

    toStore.release();
    send(producer, 20);
    pollAll(consumer, SEEN_MS_MAX);
  }

  /// Sends so many, and waits until each is acknowledged.
  private void send(KafkaProducer<String, String> producer, int count) throws Exception {
    for (int i = 0; i < count; i++) {
      sent.add(producer.send(new ProducerRecord<>(TOPIC, 0, null, "" + sent.size())));
    }
    for (int i = 0; i < sent.size(); i++) {
      assertThat(sent.get(i).get(WAIT_MS_MAX, TimeUnit.MILLISECONDS).offset()).isEqualTo(i);
    }
  }

  /// Until all that was acknowledged has been read, each at its place.
  private void pollAll(KafkaConsumer<String, String> consumer, long withinMs) {
    long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(withinMs);
    while (read.size() < sent.size()) {
      consumer
          .poll(POLL)
          .forEach(
              record -> {
                assertThat(record.offset()).isEqualTo(read.size());
                assertThat(record.value()).isEqualTo("" + read.size());
                read.add(record.value());
              });
      assertThat(read.size() == sent.size() || System.nanoTime() < deadlineNs)
          .as("%d of %d acknowledged records seen within %d ms", read.size(), sent.size(), withinMs)
          .isTrue();
    }
  }

  private WeftProcess controlPlane(String name, int storePort) throws InterruptedException {
    return opened(
        WeftProcess.start(
            folder.resolve(name),
            jvmOptions(),
            List.of(
                "control-plane",
                "--listen",
                "127.0.0.1:0",
                "--journal",
                at(storePort).storeUrl("weft", "journal"),
                "--leader-lease-ms",
                "" + LEASE_MS)));
  }

  private WeftProcess agent(String controlPlanes) throws InterruptedException {
    return opened(
        WeftProcess.start(
            folder.resolve("agent"),
            jvmOptions(),
            List.of(
                "agent",
                "--listen",
                "127.0.0.1:0",
                "--control-plane",
                controlPlanes,
                "--bucket",
                store.storeUrl("weft", "records"))));
  }

  private List<String> jvmOptions() {
    return List.of(
        "-Xmx256m",
        "-Daws.accessKeyId=" + store.accessKey(),
        "-Daws.secretAccessKey=" + store.secretKey());
  }

  private S3Endpoint at(int port) {
    return new S3Endpoint("http://127.0.0.1:" + port, store.accessKey(), store.secretKey());
  }

  private static int port(String url) {
    return Integer.parseInt(url.substring(url.lastIndexOf(':') + 1));
  }

  private static void createTopic(WeftProcess agent) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", agent.address()))) {
      admin
          .createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1)))
          .all()
          .get(WAIT_MS_MAX, TimeUnit.MILLISECONDS);
    }
  }

  private KafkaProducer<String, String> producer(WeftProcess agent) {
    return opened(
        new BoundedProducer<>(
            Map.of("bootstrap.servers", agent.address()),
            new StringSerializer(),
            new StringSerializer()));
  }

  private KafkaConsumer<String, String> consumer(WeftProcess agent) {
    KafkaConsumer<String, String> consumer =
        opened(
            new KafkaConsumer<>(
                Map.of("bootstrap.servers", agent.address()),
                new StringDeserializer(),
                new StringDeserializer()));
    consumer.assign(List.of(PARTITION));
    consumer.seekToBeginning(List.of(PARTITION));
    return consumer;
  }

  private <T extends AutoCloseable> T opened(T each) {
    opened.add(each);
    return each;
  }
}
