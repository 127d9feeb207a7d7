package io.weft.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.server.clients.BoundedProducer;
import io.weft.server.process.WeftProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The Java share consumer against `weft dev`: queues as KIP-932 tells it.
@Order(1)
class ShareConsumerTest {
  private static final Duration POLL = Duration.ofMillis(500);
  private static final long WAIT_MS_MAX = 120_000;

  /// Enough for a slow machine to acknowledge within, little enough to be waited for.
  private static final String SHORT_LOCK_MS = "8000";

  /// Two heartbeats may come late.
  private static final String SHORT_SESSION_MS = "12000";

  @TempDir Path folder;

  private WeftProcess weft;
  private final List<AutoCloseable> open = new ArrayList<>();

  @BeforeEach
  void start() throws InterruptedException {
    weft = dev();
  }

  private WeftProcess dev() throws InterruptedException {
    return WeftProcess.dev(
        folder,
        "--group-share-min-record-lock-duration-ms",
        SHORT_LOCK_MS,
        "--group-share-min-session-timeout-ms",
        SHORT_SESSION_MS);
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
    weft.close();
  }

  private void createTopic(String topic, int partitions) throws Exception {
    try (Admin admin = admin()) {
      admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1))).all().get();
    }
  }

  private Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", weft.address()));
  }

  private void produce(String topic, int from, int count) throws Exception {
    try (KafkaProducer<String, String> producer =
        new BoundedProducer<>(
            Map.of("bootstrap.servers", weft.address()),
            new StringSerializer(),
            new StringSerializer())) {
      for (int i = from; i < from + count; i++) {
        var _ = producer.send(new ProducerRecord<>(topic, "v" + i));
      }
      producer.flush();
    }
  }

  private KafkaShareConsumer<String, String> consumer(String topic, String... more) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("bootstrap.servers", weft.address());
    settings.put("group.id", "queue");
    settings.put("share.acknowledgement.mode", "explicit");
    for (int i = 0; i < more.length; i += 2) {
      settings.put(more[i], more[i + 1]);
    }
    KafkaShareConsumer<String, String> consumer =
        new KafkaShareConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
    consumer.subscribe(List.of(topic));
    open.add(consumer);
    return consumer;
  }

  /// Polls until the group reads the topic: a share group begins at the end of it.
  private void join(KafkaShareConsumer<String, String> consumer, String topic) throws Exception {
    long deadlineMs = System.currentTimeMillis() + WAIT_MS_MAX;
    TopicPartition first = new TopicPartition(topic, 0);
    try (Admin admin = admin()) {
      while (System.currentTimeMillis() < deadlineMs) {
        consumer.poll(POLL);
        var offsets =
            admin
                .listShareGroupOffsets(
                    Map.of(
                        "queue", new ListShareGroupOffsetsSpec().topicPartitions(List.of(first))))
                .partitionsToOffsetInfo("queue")
                .get();
        if (offsets.get(first) != null) {
          return;
        }
      }
    }
    throw new AssertionError("the group did not begin");
  }

  private static List<ConsumerRecord<String, String>> poll(
      KafkaShareConsumer<String, String> consumer) {
    long deadlineMs = System.currentTimeMillis() + WAIT_MS_MAX;
    while (System.currentTimeMillis() < deadlineMs) {
      List<ConsumerRecord<String, String>> records = new ArrayList<>();
      consumer.poll(POLL).forEach(records::add);
      if (!records.isEmpty()) {
        return records;
      }
    }
    throw new AssertionError("nothing came");
  }

  @Test
  void acceptsReleasesAndRejects() throws Exception {
    createTopic("t", 1);
    KafkaShareConsumer<String, String> consumer = consumer("t");
    join(consumer, "t");
    produce("t", 0, 10);

    Map<String, Integer> deliveries = new TreeMap<>();
    Set<String> settled = new HashSet<>();
    while (settled.size() < 10) {
      for (ConsumerRecord<String, String> record : poll(consumer)) {
        int delivery = deliveries.merge(record.value(), 1, Integer::sum);
        assertThat(record.deliveryCount()).hasValue((short) delivery);
        assertThat(settled).doesNotContain(record.value());
        switch (record.value()) {
          case "v3" -> {
            consumer.acknowledge(
                record, delivery < 3 ? AcknowledgeType.RELEASE : AcknowledgeType.ACCEPT);
            if (delivery == 3) {
              settled.add(record.value());
            }
          }
          case "v5" -> {
            consumer.acknowledge(record, AcknowledgeType.REJECT);
            settled.add(record.value());
          }
          default -> {
            consumer.acknowledge(record, AcknowledgeType.ACCEPT);
            settled.add(record.value());
          }
        }
      }
      consumer.commitSync().values().forEach(error -> assertThat(error).isEmpty());
    }

    assertThat(deliveries).containsEntry("v3", 3).containsEntry("v5", 1).hasSize(10);
    assertThat(consumer.poll(Duration.ofSeconds(2)).count()).isZero();
  }

  @Test
  void twoConsumersShareOnePartition() throws Exception {
    createTopic("t", 1);
    KafkaShareConsumer<String, String> one = consumer("t", "max.poll.records", "50");
    KafkaShareConsumer<String, String> two = consumer("t", "max.poll.records", "50");
    join(one, "t");
    join(two, "t");
    produce("t", 0, 2_000);

    Map<String, Integer> accepted = new HashMap<>();
    Map<KafkaShareConsumer<String, String>, Integer> counts = new HashMap<>();
    long deadlineMs = System.currentTimeMillis() + WAIT_MS_MAX;
    while (accepted.size() < 2_000 && System.currentTimeMillis() < deadlineMs) {
      for (KafkaShareConsumer<String, String> each : List.of(one, two)) {
        for (ConsumerRecord<String, String> record : each.poll(POLL)) {
          each.acknowledge(record, AcknowledgeType.ACCEPT);
          accepted.merge(record.value(), 1, Integer::sum);
          counts.merge(each, 1, Integer::sum);
        }
        each.commitSync().values().forEach(error -> assertThat(error).isEmpty());
      }
    }

    assertThat(accepted).hasSize(2_000).allSatisfy((_, count) -> assertThat(count).isOne());
    assertThat(counts).hasSize(2);
  }

  @Test
  void whatAClosedConsumerHeldIsDeliveredAgain() throws Exception {
    createTopic("t", 1);
    KafkaShareConsumer<String, String> one = consumer("t");
    join(one, "t");
    produce("t", 0, 5);
    Set<String> held = new HashSet<>();
    poll(one).forEach(record -> held.add(record.value()));
    one.close();
    open.remove(one);
    KafkaShareConsumer<String, String> two = consumer("t");
    Set<String> seen = new HashSet<>();
    while (seen.size() < 5) {
      for (ConsumerRecord<String, String> record : poll(two)) {
        if (held.contains(record.value())) {
          assertThat(record.deliveryCount().orElseThrow()).isGreaterThan((short) 1);
        }
        two.acknowledge(record, AcknowledgeType.ACCEPT);
        seen.add(record.value());
      }
      two.commitSync();
    }

    assertThat(seen).containsExactlyInAnyOrder("v0", "v1", "v2", "v3", "v4");
  }

  /// Nothing accepted comes back and nothing is lost when the process is killed and comes again.
  @Test
  void goesOnAfterAKill() throws Exception {
    createTopic("t", 2);
    alterGroup(set("share.record.lock.duration.ms", SHORT_LOCK_MS));
    alterGroup(set("share.session.timeout.ms", SHORT_SESSION_MS));
    KafkaShareConsumer<String, String> first = consumer("t", "max.poll.records", "20");
    join(first, "t");
    produce("t", 0, 200);
    Set<String> accepted = new HashSet<>();
    while (accepted.size() < 60) {
      List<ConsumerRecord<String, String>> records = poll(first);
      records.forEach(record -> first.acknowledge(record, AcknowledgeType.ACCEPT));
      if (first.commitSync().values().stream().allMatch(error -> error.isEmpty())) {
        records.forEach(record -> accepted.add(record.value()));
      }
    }
    poll(first);
    weft.process().kill();
    first.close(Duration.ZERO);
    open.remove(first);
    weft = dev();

    KafkaShareConsumer<String, String> second = consumer("t");
    Set<String> rest = new HashSet<>();
    while (rest.size() + accepted.size() < 200) {
      for (ConsumerRecord<String, String> record : poll(second)) {
        assertThat(accepted).doesNotContain(record.value());
        second.acknowledge(record, AcknowledgeType.ACCEPT);
        rest.add(record.value());
      }
      second.commitSync();
    }
    assertThat(rest).hasSize(200 - accepted.size());
  }

  @Test
  void timeThatRunsOutGivesRecordsToOthers() throws Exception {
    createTopic("t", 1);
    alterGroup(set("share.record.lock.duration.ms", SHORT_LOCK_MS));
    KafkaShareConsumer<String, String> slow = consumer("t");
    join(slow, "t");
    produce("t", 0, 1);
    assertThat(poll(slow)).singleElement().satisfies(r -> assertThat(r.value()).isEqualTo("v0"));
    KafkaShareConsumer<String, String> other = consumer("t");
    ConsumerRecord<String, String> again = poll(other).getFirst();

    assertThat(again.value()).isEqualTo("v0");
    assertThat(again.deliveryCount()).hasValue((short) 2);
    slow.acknowledge(
        new ConsumerRecord<>("t", 0, again.offset(), null, "v0"), AcknowledgeType.ACCEPT);
    assertThat(slow.commitSync().values()).anyMatch(error -> error.isPresent());
    other.acknowledge(again, AcknowledgeType.ACCEPT);
    other.commitSync().values().forEach(error -> assertThat(error).isEmpty());
  }

  @Test
  void offsetsOfAGroupAreShownAlteredAndDeleted() throws Exception {
    createTopic("t", 1);
    KafkaShareConsumer<String, String> consumer = consumer("t");
    join(consumer, "t");
    produce("t", 0, 10);
    Set<String> seen = new HashSet<>();
    while (seen.size() < 10) {
      for (ConsumerRecord<String, String> record : poll(consumer)) {
        consumer.acknowledge(record, AcknowledgeType.ACCEPT);
        seen.add(record.value());
      }
      consumer.commitSync();
    }
    consumer.close();
    open.remove(consumer);
    TopicPartition first = new TopicPartition("t", 0);
    try (Admin admin = admin()) {
      assertThat(offset(admin, first)).isEqualTo(10);
      admin.alterShareGroupOffsets("queue", Map.of(first, 4L)).all().get();
      assertThat(offset(admin, first)).isEqualTo(4);
    }
    KafkaShareConsumer<String, String> again = consumer("t");
    seen.clear();
    while (seen.size() < 6) {
      for (ConsumerRecord<String, String> record : poll(again)) {
        again.acknowledge(record, AcknowledgeType.ACCEPT);
        seen.add(record.value());
      }
      again.commitSync();
    }
    assertThat(seen).doesNotContain("v3").contains("v4", "v9");
    again.close();
    open.remove(again);
    try (Admin admin = admin()) {
      admin.deleteShareGroupOffsets("queue", Set.of("t")).all().get();
      admin.deleteShareGroups(List.of("queue")).all().get();
      assertThat(admin.listGroups().all().get()).isEmpty();
    }
  }

  /// Neither aborted records nor the ends of transactions keep the group from coming to the end.
  @Test
  void aGroupThatReadsCommittedRecordsSeesNoOthers() throws Exception {
    createTopic("t", 1);
    TopicPartition first = new TopicPartition("t", 0);
    alterGroup(
        set("share.auto.offset.reset", "earliest"), set("share.isolation.level", "read_committed"));
    try (KafkaProducer<String, String> producer =
        new BoundedProducer<>(
            Map.of("bootstrap.servers", weft.address(), "transactional.id", "id"),
            new StringSerializer(),
            new StringSerializer())) {
      producer.initTransactions();
      for (int i = 0; i < 20; i++) {
        producer.beginTransaction();
        var _ =
            producer.send(new ProducerRecord<>("t", (i % 3 == 0 ? "aborted" : "committed") + i));
        producer.flush();
        if (i % 3 == 0) {
          producer.abortTransaction();
        } else {
          producer.commitTransaction();
        }
      }
    }
    KafkaShareConsumer<String, String> consumer = consumer("t");
    Set<String> seen = new HashSet<>();
    long lag = -1;
    long deadlineMs = System.currentTimeMillis() + WAIT_MS_MAX;
    try (Admin admin = admin()) {
      while (lag != 0 && System.currentTimeMillis() < deadlineMs) {
        for (ConsumerRecord<String, String> record : consumer.poll(POLL)) {
          consumer.acknowledge(record, AcknowledgeType.ACCEPT);
          assertThat(seen.add(record.value())).isTrue();
        }
        consumer.commitSync().values().forEach(error -> assertThat(error).isEmpty());
        var offsets =
            admin
                .listShareGroupOffsets(Map.of("queue", new ListShareGroupOffsetsSpec()))
                .partitionsToOffsetInfo("queue")
                .get();
        lag = offsets.get(first) == null ? -1 : offsets.get(first).lag().orElse(-1L);
      }
    }

    assertThat(seen).hasSize(13).allMatch(value -> value.startsWith("committed"));
    assertThat(lag).isZero();
  }

  private void alterGroup(AlterConfigOp... settings) throws Exception {
    try (Admin admin = admin()) {
      admin
          .incrementalAlterConfigs(
              Map.of(new ConfigResource(ConfigResource.Type.GROUP, "queue"), List.of(settings)))
          .all()
          .get();
    }
  }

  private static AlterConfigOp set(String name, String value) {
    return new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
  }

  private static long offset(Admin admin, TopicPartition partition) throws Exception {
    return admin
        .listShareGroupOffsets(Map.of("queue", new ListShareGroupOffsetsSpec()))
        .partitionsToOffsetInfo("queue")
        .get()
        .get(partition)
        .startOffset();
  }
}
