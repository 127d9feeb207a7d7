package io.weft.server.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.controlplane.journal.ObjectJournal;
import io.weft.controlplane.journal.Snapshot;
import io.weft.controlplane.journal.Snapshots;
import io.weft.controlplane.journal.Truncation;
import io.weft.controlplane.state.StateSnapshot;
import io.weft.environment.Environment;
import io.weft.server.clients.BoundedProducer;
import io.weft.server.clients.Deadline;
import io.weft.server.process.Ports;
import io.weft.server.process.WeftProcess;
import io.weft.storage.object.ObjectBody;
import io.weft.storage.object.ObjectKey;
import io.weft.storage.object.ObjectStore;
import io.weft.storage.object.ObjectStoreException;
import io.weft.storage.object.s3.S3Endpoint;
import io.weft.storage.object.s3.S3ProxyServer;
import io.weft.storage.object.s3.S3Settings;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A store so slow that the state, as one object, could be neither written nor read within what one
/// call may take: snapshots are taken all the same, and a leader that was killed begins with the
/// newest of them where the journal before it is gone.
@Timeout(600)
@Order(1)
class SnapshotOverSlowStoreTest {
  private static final int WAIT_MS_MAX = 240_000;
  private static final Duration POLL = Duration.ofMillis(200);

  /// What one call may take. A part of a snapshot, 4 MiB, takes a sixth of that, so that a busy
  /// machine may take its time.
  private static final int CALL_MS_MAX = 3_000;

  private static final int BYTES_PER_SECOND = 8 << 20;

  /// As one object it takes a quarter longer than a call may.
  private static final int STATE_BYTES_MIN = BYTES_PER_SECOND / 1_000 * CALL_MS_MAX * 5 / 4;

  private static final String TOPIC = "t";
  private static final int PARTITIONS = 500;
  private static final int METADATA_CHARS = 4_000;
  private static final int GROUPS = 16;

  /// Each takes 2 MB of the journal. They are many times what it takes for a snapshot.
  private static final int COMMITS_MAX = 250;

  private static final int RECORDS = 20;
  private static final String LOGGING = "-Dlogback.configurationFile=logback.xml";

  @TempDir Path folder;

  private final List<AutoCloseable> opened = new ArrayList<>();
  private final List<Integer> commits = new ArrayList<>();
  private final int controlPlanePort = Ports.free();
  private S3Endpoint store;
  private FaultyProxy link;
  private ObjectStore journalStore;
  private Snapshots snapshots;
  private int sent;

  @BeforeEach
  void startStore() throws Exception {
    // Not in this heap: how much comes together depends on how fast the machine is.
    store = opened(S3ProxyServer.inFolder(Files.createDirectory(folder.resolve("s3")))).endpoint();
    store.createBucket("weft");
    link =
        opened(
            FaultyProxy.start(
                Integer.parseInt(store.url().substring(store.url().lastIndexOf(":") + 1)), 1));
    journalStore = opened(store.open("weft", "journal"));
    snapshots = new Snapshots(journalStore);
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable each : opened.reversed()) {
      each.close();
    }
  }

  @Test
  void comesBackFromWhatOneCallCouldNotMove() throws Exception {
    WeftProcess leader = controlPlane();
    WeftProcess agent = agent(leader);
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", agent.address()))) {
      createTopic(admin);
      Deadline deadline = Deadline.in(Duration.ofMillis(WAIT_MS_MAX));
      while (commits.size() < GROUPS || snapshots.indexes().size() < 2) {
        deadline.check("%d commits made only snapshots %s", commits.size(), snapshots.indexes());
        commitNext(admin);
      }
      link.weather(new Weather(0, 0, BYTES_PER_SECOND, 0, 0));
      oneObjectOfThatSizeDoesNotPass();
      produce(agent);
      long newest = commitUntilASnapshotIsTaken(admin);
      produce(agent);

      leader.process().kill();
      truncateUpTo(newest);
      WeftProcess next = controlPlane();

      offsetsAreRight(admin);
      produce(agent);
      readsAll(agent);
      assertThat(next.process().output()).doesNotContain("cannot be used", " ERROR ");
      commitNext(admin);
      offsetsAreRight(admin);
    }
  }

  /// Otherwise nothing would be shown here.
  private void oneObjectOfThatSizeDoesNotPass() {
    S3Settings.Limits usual = S3Settings.Limits.DEFAULT;
    S3Settings.Limits limits =
        new S3Settings.Limits(
            usual.connectTimeoutMs(),
            usual.silenceTimeoutMs(),
            CALL_MS_MAX,
            usual.connectionsMax());
    S3Endpoint slow =
        new S3Endpoint("http://" + link.address(), store.accessKey(), store.secretKey());
    ObjectKey key = new ObjectKey("whole");
    byte[] whole = new byte[STATE_BYTES_MIN];
    try (ObjectStore quick = store.open("weft", "control");
        ObjectStore through = slow.open("weft", "control", limits)) {
      assertThatThrownBy(() -> through.put(key, ObjectBody.of(whole)))
          .isInstanceOf(ObjectStoreException.class);
      quick.put(key, ObjectBody.of(whole));
      assertThatThrownBy(() -> through.read(key, 0, ByteBuffer.wrap(whole)))
          .isInstanceOf(ObjectStoreException.class);
    }
  }

  /// Commits the same offsets anew, so that the journal grows and the state does not.
  ///
  /// @return after which entry there is a snapshot that was begun on the slow store, and that the
  ///   leader has read back, as it has removed those that are of no use any more
  private long commitUntilASnapshotIsTaken(Admin admin) throws Exception {
    List<Long> before = snapshots.indexes();
    long tip = journalEnd(before.getFirst());
    Deadline deadline = Deadline.in(Duration.ofMillis(WAIT_MS_MAX));
    List<Long> now = before;
    while (now.getFirst() <= tip || now.size() > Snapshots.KEPT) {
      deadline.check("there are snapshots %s, none after entry %d", now, tip);
      commitNext(admin);
      now = snapshots.indexes();
    }
    Snapshot snapshot = snapshots.read(now.getFirst()).orElseThrow();
    assertThat(snapshot.bytes()).isGreaterThanOrEqualTo(STATE_BYTES_MIN);
    return now.getFirst();
  }

  private long journalEnd(long from) {
    ObjectJournal journal = new ObjectJournal(journalStore);
    long end = from;
    while (journal.firstFrom(end + 1).isPresent()) {
      end++;
    }
    return end;
  }

  /// What a leader does ten minutes after it has seen these entries.
  private void truncateUpTo(long newest) {
    ObjectJournal journal = new ObjectJournal(journalStore);
    Truncation truncation =
        new Truncation(
            journal,
            snapshots,
            state -> {
              StateSnapshot.read(state);
              state.finish();
            },
            Environment.system(),
            0);
    truncation.saw(newest);
    truncation.run();
    assertThat(journal.firstFrom(0)).hasValue(snapshots.indexes().getLast());
    assertThat(snapshots.indexes()).startsWith(newest);
  }

  private void createTopic(Admin admin) throws Exception {
    admin
        .createTopics(List.of(new NewTopic(TOPIC, PARTITIONS, (short) 1)))
        .all()
        .get(WAIT_MS_MAX, TimeUnit.MILLISECONDS);
  }

  private void commitNext(Admin admin) throws Exception {
    int commit = commits.size();
    assertThat(commit)
        .as("commits, with snapshots %s", snapshots.indexes())
        .isLessThan(COMMITS_MAX);
    admin
        .alterConsumerGroupOffsets("group-" + commit % GROUPS, offsets(commit))
        .all()
        .get(WAIT_MS_MAX, TimeUnit.MILLISECONDS);
    commits.add(commit);
  }

  private static Map<TopicPartition, OffsetAndMetadata> offsets(int commit) {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    for (int i = 0; i < PARTITIONS; i++) {
      String word = commit + "/" + i + " ";
      String metadata =
          word.repeat(METADATA_CHARS / word.length() + 1).substring(0, METADATA_CHARS);
      offsets.put(
          new TopicPartition(TOPIC, i), new OffsetAndMetadata(1_000L * commit + i, metadata));
    }
    return offsets;
  }

  /// Of each group those that were committed last.
  private void offsetsAreRight(Admin admin) throws Exception {
    for (int commit : commits.subList(commits.size() - GROUPS, commits.size())) {
      String group = "group-" + commit % GROUPS;
      assertThat(
              admin
                  .listConsumerGroupOffsets(group)
                  .partitionsToOffsetAndMetadata()
                  .get(WAIT_MS_MAX, TimeUnit.MILLISECONDS)
                  .equals(offsets(commit)))
          .as(group)
          .isTrue();
    }
  }

  private void produce(WeftProcess agent) throws Exception {
    Map<String, Object> settings =
        Map.of("bootstrap.servers", agent.address(), "delivery.timeout.ms", WAIT_MS_MAX);
    try (KafkaProducer<String, String> producer =
        new BoundedProducer<>(settings, new StringSerializer(), new StringSerializer())) {
      List<Future<RecordMetadata>> placed = new ArrayList<>();
      for (int i = 0; i < RECORDS; i++) {
        placed.add(producer.send(new ProducerRecord<>(TOPIC, 0, null, "" + (sent + i))));
      }
      for (Future<RecordMetadata> each : placed) {
        assertThat(each.get(WAIT_MS_MAX, TimeUnit.MILLISECONDS).offset()).isEqualTo(sent++);
      }
    }
  }

  private void readsAll(WeftProcess agent) {
    TopicPartition partition = new TopicPartition(TOPIC, 0);
    List<String> read = new ArrayList<>();
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", agent.address()),
            new StringDeserializer(),
            new StringDeserializer())) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      Deadline deadline = Deadline.in(Duration.ofMillis(WAIT_MS_MAX));
      while (read.size() < sent) {
        consumer.poll(POLL).forEach(each -> read.add(each.value()));
        deadline.check("only %d of %d records came", read.size(), sent);
      }
    }
    for (int i = 0; i < sent; i++) {
      assertThat(read.get(i)).isEqualTo("" + i);
    }
  }

  private WeftProcess controlPlane() throws InterruptedException {
    S3Endpoint slow =
        new S3Endpoint("http://" + link.address(), store.accessKey(), store.secretKey());
    return opened(
        WeftProcess.start(
            folder.resolve("control-plane"),
            jvmOptions("-Xmx512m"),
            List.of(
                "control-plane",
                "--listen",
                "127.0.0.1:" + controlPlanePort,
                "--snapshot-every-entries",
                "10",
                "--journal",
                slow.storeUrl("weft", "journal") + "&attemptTimeoutMs=" + CALL_MS_MAX)));
  }

  private WeftProcess agent(WeftProcess controlPlane) throws InterruptedException {
    return opened(
        WeftProcess.start(
            folder.resolve("agent"),
            jvmOptions("-Xmx256m"),
            List.of(
                "agent",
                "--listen",
                "127.0.0.1:0",
                "--flush-interval-ms",
                "20",
                "--control-plane",
                controlPlane.address(),
                "--bucket",
                store.storeUrl("weft", "records"))));
  }

  private List<String> jvmOptions(String heap) {
    return List.of(
        heap,
        LOGGING,
        "-Daws.accessKeyId=" + store.accessKey(),
        "-Daws.secretAccessKey=" + store.secretKey());
  }

  private <T extends AutoCloseable> T opened(T each) {
    opened.add(each);
    return each;
  }
}
