package io.weft.server.transactions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.server.clients.BoundedProducer;
import io.weft.server.clients.Deadline;
import io.weft.server.process.WeftProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Kafka's transactional producer: what it commits is read, what it does not is not.
class TransactionalClientsTest {
  private static final Duration WAIT_MAX = Duration.ofMinutes(2);

  @TempDir static Path folder;

  private static WeftProcess weft;
  private static Admin admin;

  @BeforeAll
  static void start() throws Exception {
    weft = WeftProcess.dev(folder, "--flush-interval-ms", "20");
    admin = Admin.create(Map.of("bootstrap.servers", weft.address()));
  }

  @AfterAll
  static void stop() {
    admin.close();
    weft.close();
  }

  private static void create(String topic) throws Exception {
    admin.createTopics(List.of(new NewTopic(topic, 2, (short) 1))).all().get();
  }

  private static KafkaProducer<String, String> producer(String id, int timeoutMs) {
    return new BoundedProducer<>(
        Map.of(
            "bootstrap.servers",
            weft.address(),
            "transactional.id",
            id,
            "transaction.timeout.ms",
            timeoutMs,
            "linger.ms",
            0),
        new StringSerializer(),
        new StringSerializer());
  }

  /// Everything up to the end, by partition, in order.
  private static List<String> read(String topic, String isolation) {
    List<String> values = new ArrayList<>();
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", weft.address(), "isolation.level", isolation),
            new StringDeserializer(),
            new StringDeserializer())) {
      for (int partition = 0; partition < 2; partition++) {
        TopicPartition only = new TopicPartition(topic, partition);
        consumer.assign(Set.of(only));
        consumer.seekToBeginning(Set.of(only));
        long end = consumer.endOffsets(Set.of(only)).get(only);
        Deadline deadline = Deadline.usual();
        while (consumer.position(only) < end) {
          for (ConsumerRecord<String, String> each : consumer.poll(Duration.ofMillis(200))) {
            values.add(each.value());
          }
          deadline.check("a reader with %s did not come to offset %d of %s", isolation, end, only);
        }
      }
    }
    return values;
  }

  private static void send(KafkaProducer<String, String> producer, String topic, String... values) {
    for (String value : values) {
      var _ = producer.send(new ProducerRecord<>(topic, value.hashCode() & 1, null, value));
    }
    producer.flush();
  }

  @Test
  void whatIsCommittedIsReadAndWhatIsAbortedIsNot() throws Exception {
    create("ends");
    try (KafkaProducer<String, String> producer = producer("ends", 60_000)) {
      producer.initTransactions();
      for (int i = 0; i < 20; i++) {
        producer.beginTransaction();
        send(producer, "ends", "a" + i, "b" + i, "c" + i);
        if (i % 3 == 0) {
          producer.abortTransaction();
        } else {
          producer.commitTransaction();
        }
      }
      producer.beginTransaction();
      send(producer, "ends", "open");
      assertThat(read("ends", "read_committed"))
          .hasSize(39)
          .contains("a1", "b2", "c19")
          .doesNotContain("a0", "b3", "c18", "open");
      assertThat(read("ends", "read_uncommitted")).hasSize(61).contains("a0", "open");
      producer.commitTransaction();
      assertThat(read("ends", "read_committed")).hasSize(40).contains("open");
    }
  }

  @Test
  void aSecondProducerFencesTheFirst() throws Exception {
    create("fenced");
    try (KafkaProducer<String, String> first = producer("fenced", 60_000);
        KafkaProducer<String, String> second = producer("fenced", 60_000)) {
      first.initTransactions();
      first.beginTransaction();
      send(first, "fenced", "a", "b");
      second.initTransactions();
      assertThatThrownBy(first::commitTransaction).isInstanceOf(ProducerFencedException.class);
      second.beginTransaction();
      send(second, "fenced", "c", "d");
      second.commitTransaction();
    }
    assertThat(read("fenced", "read_committed")).containsExactlyInAnyOrder("c", "d");
  }

  @Test
  void aTransactionThatTakesTooLongIsAborted() throws Exception {
    create("late");
    try (KafkaProducer<String, String> producer = producer("late", 1_000)) {
      producer.initTransactions();
      producer.beginTransaction();
      send(producer, "late", "a", "b");
      awaitState("late", TransactionState.COMPLETE_ABORT);
      assertThatThrownBy(producer::commitTransaction).isInstanceOf(KafkaException.class);
    }
    assertThat(read("late", "read_committed")).isEmpty();
    try (KafkaProducer<String, String> next = producer("late", 60_000)) {
      next.initTransactions();
      next.beginTransaction();
      send(next, "late", "c");
      next.commitTransaction();
    }
    assertThat(read("late", "read_committed")).containsExactly("c");
  }

  @Test
  void adminsSeeTransactionsAndProducers() throws Exception {
    create("seen");
    try (KafkaProducer<String, String> producer = producer("seen", 60_000)) {
      producer.initTransactions();
      producer.beginTransaction();
      send(producer, "seen", "a", "b");

      TransactionDescription description =
          admin.describeTransactions(List.of("seen")).description("seen").get();
      assertThat(description.state()).isEqualTo(TransactionState.ONGOING);
      assertThat(description.topicPartitions())
          .containsExactlyInAnyOrder(new TopicPartition("seen", 0), new TopicPartition("seen", 1));
      assertThat(
              admin.listTransactions().all().get().stream()
                  .filter(listing -> listing.transactionalId().equals("seen"))
                  .map(TransactionListing::state))
          .containsExactly(TransactionState.ONGOING);
      TopicPartition partition = new TopicPartition("seen", 0);
      List<ProducerState> states =
          admin
              .describeProducers(Set.of(partition))
              .partitionResult(partition)
              .get()
              .activeProducers();
      assertThat(states).hasSize(1);
      assertThat(states.getFirst().producerId()).isEqualTo(description.producerId());
      assertThat(states.getFirst().currentTransactionStartOffset()).hasValue(0);
      producer.commitTransaction();
    }
    assertThat(
            admin.describeTransactions(List.of("seen")).all().get().values().stream()
                .map(TransactionDescription::state)
                .collect(Collectors.toSet()))
        .containsExactly(TransactionState.COMPLETE_COMMIT);
  }

  @Test
  void anOpenTransactionSurvivesAKill() throws Exception {
    Path own = folder.resolve("kill");
    WeftProcess first = WeftProcess.dev(own, "--flush-interval-ms", "20");
    KafkaProducer<String, String> producer;
    try (first) {
      try (Admin creating = Admin.create(Map.of("bootstrap.servers", first.address()))) {
        creating.createTopics(List.of(new NewTopic("kept", 2, (short) 1))).all().get();
      }
      producer =
          new BoundedProducer<>(
              Map.of("bootstrap.servers", first.address(), "transactional.id", "kept"),
              new StringSerializer(),
              new StringSerializer());
      producer.initTransactions();
      producer.beginTransaction();
      send(producer, "kept", "a", "b");
      first.process().kill();
    }
    producer.close(Duration.ZERO);
    try (WeftProcess second = WeftProcess.dev(own, "--flush-interval-ms", "20");
        Admin asking = Admin.create(Map.of("bootstrap.servers", second.address()))) {
      assertThat(asking.describeTransactions(List.of("kept")).description("kept").get().state())
          .isEqualTo(TransactionState.ONGOING);
      try (KafkaProducer<String, String> next =
          new BoundedProducer<>(
              Map.of("bootstrap.servers", second.address(), "transactional.id", "kept"),
              new StringSerializer(),
              new StringSerializer())) {
        next.initTransactions();
        assertThat(asking.describeTransactions(List.of("kept")).description("kept").get().state())
            .isEqualTo(TransactionState.EMPTY);
      }
    }
  }

  private static void awaitState(String id, TransactionState state) throws Exception {
    long deadline = System.nanoTime() + WAIT_MAX.toNanos();
    TransactionState seen;
    do {
      seen = admin.describeTransactions(List.of(id)).description(id).get().state();
    } while (seen != state && System.nanoTime() < deadline);
    assertThat(seen).isEqualTo(state);
  }
}
