package io.weft.programs.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.programs.Clients;
import io.weft.programs.Eventually;
import io.weft.programs.Target;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Transactions of the Java producer, and what consumers see of them.
@Timeout(300)
class TransactionsTest {
  private static final Duration WAIT_MAX = Duration.ofMinutes(2);
  private static final Duration POLL = Duration.ofMillis(100);

  @TempDir static Path folder;

  private static Target target;
  private static Clients clients;

  @BeforeAll
  static void start() throws InterruptedException {
    target = Target.start(folder);
    clients = target.clients();
  }

  @AfterAll
  static void stop() {
    if (target != null) {
      target.close();
    }
  }

  @Test
  void onlyCommittedRecordsAreSeen() throws Exception {
    clients.createTopic("committed", 1);
    try (var producer = producer("committed")) {
      transact(producer, "committed", "a");
      producer.beginTransaction();
      producer.send(new ProducerRecord<>("committed", "aborted")).get();
      producer.abortTransaction();
      transact(producer, "committed", "b");
    }
    assertThat(readCommitted("committed", 2)).containsExactly("a", "b");
    assertThat(read("committed", "read_uncommitted", 3)).containsExactly("a", "aborted", "b");
  }

  @Test
  void anOpenTransactionHidesWhatFollows() throws Exception {
    clients.createTopic("open", 1);
    TopicPartition partition = new TopicPartition("open", 0);
    try (var open = producer("open");
        var consumer = clients.consumer(Map.of("isolation.level", "read_committed"))) {
      transact(open, "open", "before");
      open.beginTransaction();
      open.send(new ProducerRecord<>("open", "in it")).get();
      clients.send("open", 1, List.of("after"));

      assertThat(readCommitted("open", 1)).containsExactly("before");
      assertThat(read("open", "read_uncommitted", 3)).containsExactly("before", "in it", "after");
      // A marker of the first transaction has an offset too.
      assertThat(consumer.endOffsets(List.of(partition))).containsEntry(partition, 2L);
      open.commitTransaction();
      assertThat(readCommitted("open", 3)).containsExactly("before", "in it", "after");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aPipelineIsExactlyOnceThroughAborts(Protocol protocol) throws Exception {
    String in = "in-" + protocol.lowerCase();
    String out = "out-" + protocol.lowerCase();
    clients.createTopic(in, 3);
    clients.createTopic(out, 2);
    List<String> values = IntStream.range(0, 200).mapToObj(Integer::toString).toList();
    clients.send(in, 3, values);
    Map<String, Object> settings =
        protocol.settings(
            Map.of("group.id", in, "isolation.level", "read_committed", "max.poll.records", 10));
    try (var producer = producer(in);
        var consumer = clients.consumer(settings)) {
      consumer.subscribe(List.of(in));
      int done = 0;
      for (int turn = 1; done < values.size(); turn++) {
        ConsumerRecords<String, String> records = consumer.poll(POLL);
        if (records.isEmpty()) {
          continue;
        }
        producer.beginTransaction();
        records.forEach(record -> send(producer, out, record.value()));
        producer.sendOffsetsToTransaction(records.nextOffsets(), consumer.groupMetadata());
        if (turn % 3 == 0) {
          producer.abortTransaction();
          rewind(consumer);
        } else {
          producer.commitTransaction();
          done += records.count();
        }
      }
    }
    assertThat(readCommitted(out, 200)).containsExactlyInAnyOrderElementsOf(values);
    assertThat(clients.committed(in).values().stream().mapToLong(offset -> offset).sum())
        .isEqualTo(200);
  }

  @Test
  void aNewProducerFencesTheOldOne() throws Exception {
    clients.createTopic("fenced", 1);
    try (var old = producer("fenced")) {
      old.beginTransaction();
      send(old, "fenced", "old");
      old.flush();
      try (var young = producer("fenced")) {
        assertThatThrownBy(old::commitTransaction).isInstanceOf(ProducerFencedException.class);
        transact(young, "fenced", "young");
      }
    }
    assertThat(readCommitted("fenced", 1)).containsExactly("young");
  }

  @Test
  void aTransactionThatLastsTooLongIsAborted() throws Exception {
    clients.createTopic("timeout", 1);
    Map<String, Object> settings =
        Map.of("transactional.id", "timeout", "transaction.timeout.ms", 5_000);
    try (var slow = clients.producer(settings)) {
      slow.initTransactions();
      slow.beginTransaction();
      slow.send(new ProducerRecord<>("timeout", "late")).get();
      clients.send("timeout", 1, List.of("waiting"));

      assertThat(readCommitted("timeout", 1)).containsExactly("waiting");
      assertThatThrownBy(slow::commitTransaction).isInstanceOf(Exception.class);
    }
    try (var next = producer("timeout")) {
      transact(next, "timeout", "next");
    }
    assertThat(readCommitted("timeout", 2)).containsExactly("waiting", "next");
  }

  @Test
  void anAdministratorSeesAndFencesTransactions() throws Exception {
    clients.createTopic("seen", 2);
    TopicPartition partition = new TopicPartition("seen", 1);
    try (Admin admin = clients.admin();
        var producer = producer("seen")) {
      producer.beginTransaction();
      producer.send(new ProducerRecord<>("seen", 1, null, "a")).get();

      TransactionDescription open = describe(admin, "seen");
      assertThat(open.state()).isEqualTo(TransactionState.ONGOING);
      assertThat(open.topicPartitions()).containsExactly(partition);
      assertThat(open.transactionTimeoutMs()).isEqualTo(60_000);
      assertThat(admin.listTransactions().all().get())
          .anyMatch(
              listed ->
                  listed.transactionalId().equals("seen")
                      && listed.producerId() == open.producerId()
                      && listed.state() == TransactionState.ONGOING);
      assertThat(
              admin
                  .describeProducers(List.of(partition))
                  .partitionResult(partition)
                  .get()
                  .activeProducers())
          .anyMatch(
              active ->
                  active.producerId() == open.producerId()
                      && active.currentTransactionStartOffset().orElse(-1) == 0);
      admin.fenceProducers(List.of("seen")).all().get();
      assertThatThrownBy(producer::commitTransaction).isInstanceOf(ProducerFencedException.class);
      assertThat(describe(admin, "seen").state()).isEqualTo(TransactionState.EMPTY);
    }
  }

  private static TransactionDescription describe(Admin admin, String transactionalId)
      throws Exception {
    return admin.describeTransactions(List.of(transactionalId)).all().get().get(transactionalId);
  }

  /// Back to what is committed of what it has.
  private static void rewind(KafkaConsumer<String, String> consumer) {
    Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
    committed.putAll(consumer.committed(consumer.assignment()));
    committed.forEach(
        (partition, offset) -> consumer.seek(partition, offset == null ? 0 : offset.offset()));
  }

  private static KafkaProducer<String, String> producer(String transactionalId) {
    KafkaProducer<String, String> producer =
        clients.producer(Map.of("transactional.id", transactionalId));
    producer.initTransactions();
    return producer;
  }

  private static void transact(KafkaProducer<String, String> producer, String topic, String value) {
    producer.beginTransaction();
    send(producer, topic, value);
    producer.commitTransaction();
  }

  /// What becomes of it shows when the transaction ends.
  private static void send(KafkaProducer<String, String> producer, String topic, String value) {
    var _ = producer.send(new ProducerRecord<>(topic, value));
  }

  private static List<String> readCommitted(String topic, int count) throws Exception {
    return read(topic, "read_committed", count);
  }

  /// Reads until there are so many, and what comes with the last of them.
  private static List<String> read(String topic, String isolation, int count) throws Exception {
    List<String> values = new ArrayList<>();
    try (var consumer = clients.consumer(Map.of("isolation.level", isolation))) {
      consumer.assign(
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList());
      Eventually.await(
          "%d records of %s".formatted(count, topic),
          WAIT_MAX,
          () -> {
            for (ConsumerRecord<String, String> record : consumer.poll(POLL)) {
              values.add(record.value());
            }
            return values.size() >= count;
          });
      consumer.poll(POLL).forEach(record -> values.add(record.value()));
    }
    return values;
  }
}
