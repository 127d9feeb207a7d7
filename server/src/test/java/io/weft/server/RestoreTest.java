package io.weft.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.server.clients.BoundedProducer;
import io.weft.server.clients.Deadline;
import io.weft.server.process.ChildProcess;
import io.weft.server.process.WeftProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// All machines are gone, and the store is there: what `docs/recovery.md` says to do then, and what
/// `weft doctor` says of it.
@Order(1)
class RestoreTest {
  private static final String TOPIC = "kept";
  private static final String GROUP = "readers";
  private static final int PARTITIONS = 3;
  private static final int ACKNOWLEDGED_MIN = 3_000;
  private static final int VALUE_BYTES_MAX = 4_000;
  private static final int UNANSWERED_MAX = 500;
  private static final long SEED = 12;
  private static final Duration POLL = Duration.ofMillis(500);
  private static final String[] SMALL = {"-Xmx256m"};

  @TempDir Path folder;

  private final Map<TopicPartition, Map<Long, byte[]>> acknowledged = new ConcurrentHashMap<>();
  private final CountDownLatch enough = new CountDownLatch(ACKNOWLEDGED_MIN);
  private final Semaphore unanswered = new Semaphore(UNANSWERED_MAX);
  private final AtomicBoolean over = new AtomicBoolean();

  @Test
  @Timeout(900)
  void everythingAcknowledgedComesBackFromTheStoreAlone() throws Exception {
    TopicPartition read = new TopicPartition(TOPIC, 0);
    try (WeftProcess controlPlane = WeftProcess.controlPlane(folder, SMALL);
        WeftProcess one = WeftProcess.agent(folder, "one", controlPlane, SMALL);
        WeftProcess two = WeftProcess.agent(folder, "two", controlPlane, SMALL)) {
      String both = one.address() + "," + two.address();
      createTopic(both);
      commitOffset(both, read);
      try (KafkaProducer<byte[], byte[]> producer = producer(both)) {
        Thread writer = Thread.ofPlatform().name("writer").start(() -> write(producer));
        assertThat(enough.await(Deadline.USUAL.toSeconds(), TimeUnit.SECONDS)).isTrue();
        // While it goes on writing.
        one.process().kill();
        controlPlane.process().kill();
        two.process().kill();
        over.set(true);
        producer.close(Duration.ZERO);
        writer.join();
      }
    }
    forgetAllBut("journal", "records");

    try (WeftProcess controlPlane = WeftProcess.controlPlane(folder, SMALL);
        WeftProcess three = WeftProcess.agent(folder, "three", controlPlane, SMALL);
        WeftProcess four = WeftProcess.agent(folder, "four", controlPlane, SMALL)) {
      for (WeftProcess agent : List.of(three, four)) {
        assertAllIsThere(agent.address());
      }
      try (KafkaConsumer<byte[], byte[]> member = consumer(four.address())) {
        assertThat(member.committed(Set.of(read)).get(read).offset()).isEqualTo(1);
      }
      assertDoctorEndsWith(0, "\"clean\":true");
    }
    Path lost;
    try (Stream<Path> files = Files.list(folder.resolve("records/files"))) {
      lost = files.min(Comparator.naturalOrder()).orElseThrow();
    }
    Files.delete(lost);
    assertDoctorEndsWith(3, "\"key\":\"files/" + lost.getFileName() + "\"");
  }

  private static void createTopic(String bootstrap) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
      NewTopic topic = new NewTopic(TOPIC, Optional.of(PARTITIONS), Optional.empty());
      admin.createTopics(List.of(topic)).all().get();
    }
  }

  private static void commitOffset(String bootstrap, TopicPartition partition) {
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(bootstrap)) {
      consumer.assign(List.of(partition));
      consumer.commitSync(Map.of(partition, new OffsetAndMetadata(1)));
    }
  }

  private static KafkaProducer<byte[], byte[]> producer(String bootstrap) {
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers",
            bootstrap,
            "compression.type",
            "lz4",
            "linger.ms",
            5,
            "batch.size",
            16_384);
    return new BoundedProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /// Sends records until the producer is closed; notes what is acknowledged, and nothing else.
  private void write(KafkaProducer<byte[], byte[]> producer) {
    SplittableRandom random = new SplittableRandom(SEED);
    try {
      for (long sent = 0; !over.get(); sent++) {
        byte[] value = new byte[random.nextInt(1, VALUE_BYTES_MAX)];
        random.nextBytes(value);
        unanswered.acquireUninterruptibly();
        send(producer, new ProducerRecord<>(TOPIC, (int) (sent % PARTITIONS), null, value));
      }
    } catch (KafkaException | IllegalStateException closed) {
      assertThat(over).as("%s", closed).isTrue();
    }
  }

  private void send(KafkaProducer<byte[], byte[]> producer, ProducerRecord<byte[], byte[]> sent) {
    var _ =
        producer.send(
            sent,
            (placed, failure) -> {
              unanswered.release();
              if (failure == null) {
                acknowledged
                    .computeIfAbsent(
                        new TopicPartition(placed.topic(), placed.partition()),
                        _ -> new ConcurrentHashMap<>())
                    .put(placed.offset(), sent.value());
                enough.countDown();
              }
            });
  }

  /// Deletes all that the processes had, the store aside.
  private void forgetAllBut(String... kept) throws IOException {
    try (Stream<Path> there = Files.list(folder)) {
      for (Path each : there.toList()) {
        if (!List.of(kept).contains(each.getFileName().toString())) {
          delete(each);
        }
      }
    }
    try (Stream<Path> there = Files.list(folder)) {
      assertThat(there.map(each -> each.getFileName().toString())).containsExactlyInAnyOrder(kept);
    }
  }

  private static void delete(Path tree) throws IOException {
    try (Stream<Path> paths = Files.walk(tree)) {
      paths
          .sorted(Comparator.reverseOrder())
          .forEach(
              path -> {
                try {
                  Files.delete(path);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    }
  }

  private void assertAllIsThere(String bootstrap) {
    assertThat(acknowledged).hasSize(PARTITIONS);
    Map<TopicPartition, Map<Long, byte[]>> found = read(bootstrap);
    acknowledged.forEach(
        (partition, values) -> {
          Map<Long, byte[]> there = found.get(partition);
          values.forEach(
              (offset, value) ->
                  assertThat(there.get(offset))
                      .as("%s, offset %d (seed %d)", partition, offset, SEED)
                      .isEqualTo(value));
        });
  }

  /// Everything from the first offset to the last, without a hole.
  private Map<TopicPartition, Map<Long, byte[]>> read(String bootstrap) {
    Map<TopicPartition, Map<Long, byte[]>> found = new ConcurrentHashMap<>();
    List<TopicPartition> partitions = new ArrayList<>(acknowledged.keySet());
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(bootstrap)) {
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      Deadline deadline = Deadline.usual();
      while (partitions.stream().anyMatch(it -> consumer.position(it) < ends.get(it))) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          Map<Long, byte[]> values =
              found.computeIfAbsent(
                  new TopicPartition(record.topic(), record.partition()), _ -> new TreeMap<>());
          assertThat(record.offset()).isEqualTo(values.size());
          values.put(record.offset(), record.value());
        }
        deadline.check("not all was read up to %s", ends);
      }
    }
    return found;
  }

  private static KafkaConsumer<byte[], byte[]> consumer(String bootstrap) {
    return new KafkaConsumer<>(
        Map.of("bootstrap.servers", bootstrap, "group.id", GROUP, "enable.auto.commit", false),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }

  /// As a process of its own, on what is there, whether a cluster is at work on it or not.
  private void assertDoctorEndsWith(int code, String said) throws InterruptedException {
    try (ChildProcess doctor =
        WeftProcess.launch(
            folder,
            List.of(SMALL),
            List.of(
                "doctor",
                "--deep",
                "--json",
                "--journal",
                "file:" + folder.resolve("journal"),
                "--bucket",
                "file:" + folder.resolve("records")))) {
      int ended = doctor.awaitEnd(ChildProcess.END_MAX);
      assertThat(ended).as(doctor.output()).isEqualTo(code);
      assertThat(doctor.output()).contains(said);
    }
  }
}
