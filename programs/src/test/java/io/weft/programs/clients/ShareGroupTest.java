package io.weft.programs.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.programs.Clients;
import io.weft.programs.Eventually;
import io.weft.programs.Target;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Queues: Java share consumers (KIP-932).
@Timeout(300)
class ShareGroupTest {
  private static final Duration WAIT_MAX = Duration.ofMinutes(2);
  private static final Duration POLL = Duration.ofMillis(200);

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
  void membersShareTheRecordsOfAPartition() throws Exception {
    String topic = queue("shared");
    List<String> values = IntStream.range(0, 500).mapToObj(Integer::toString).toList();
    List<String> read = new ArrayList<>();
    try (var one = member(topic, Map.of("max.poll.records", 20));
        var two = member(topic, Map.of("max.poll.records", 20))) {
      joinAll(topic, one, two);
      clients.send(topic, 1, values);
      Eventually.await(
          "all records",
          WAIT_MAX,
          () -> {
            one.poll(POLL).forEach(record -> read.add(record.value()));
            two.poll(POLL).forEach(record -> read.add(record.value()));
            return read.size() >= values.size();
          });
      one.commitSync();
      two.commitSync();
    }
    assertThat(read).containsExactlyInAnyOrderElementsOf(values);
    assertQueueIsEmpty(topic);
  }

  @Test
  void recordsAreAcceptedReleasedAndRejected() throws Exception {
    String topic = queue("acknowledged");
    Map<String, Object> explicitly = Map.of("share.acknowledgement.mode", "explicit");
    try (var consumer = member(topic, explicitly)) {
      joinAll(topic, consumer);
      clients.send(topic, 1, List.of("accept", "release", "reject", "renew"));
      List<ConsumerRecord<String, String>> first = read(consumer, 4);
      assertThat(first).allMatch(record -> record.deliveryCount().orElseThrow() == 1);
      consumer.acknowledge(first.get(0), AcknowledgeType.ACCEPT);
      consumer.acknowledge(first.get(1), AcknowledgeType.RELEASE);
      consumer.acknowledge(first.get(2), AcknowledgeType.REJECT);
      consumer.acknowledge(first.get(3), AcknowledgeType.RENEW);
      assertThat(consumer.commitSync().values()).allMatch(failure -> failure.isEmpty());
      List<String> again = new ArrayList<>();
      Eventually.await(
          "two records again",
          WAIT_MAX,
          () -> {
            for (ConsumerRecord<String, String> record : consumer.poll(POLL)) {
              again.add(record.value() + " " + record.deliveryCount().orElseThrow());
              consumer.acknowledge(record, AcknowledgeType.ACCEPT);
            }
            return again.size() >= 2;
          });
      assertThat(consumer.commitSync().values()).allMatch(failure -> failure.isEmpty());
      assertThat(again).containsExactlyInAnyOrder("release 2", "renew 1");
    }
    assertQueueIsEmpty(topic);
  }

  @Test
  void whatAMemberLeavesBehindGoesToAnother() throws Exception {
    String topic = queue("left");
    Map<String, Object> explicitly = Map.of("share.acknowledgement.mode", "explicit");
    try (var leaving = member(topic, explicitly)) {
      joinAll(topic, leaving);
      clients.send(topic, 1, List.of("a", "b"));
      List<ConsumerRecord<String, String>> records = read(leaving, 2);
      leaving.acknowledge(records.get(0), AcknowledgeType.ACCEPT);
      leaving.acknowledge(records.get(1), AcknowledgeType.RELEASE);
    }
    try (var staying = member(topic, Map.of())) {
      assertThat(read(staying, 1)).extracting(ConsumerRecord::value).containsExactly("b");
      staying.commitSync();
    }
    assertQueueIsEmpty(topic);
    try (Admin admin = clients.admin()) {
      admin.deleteShareGroups(List.of(topic)).all().get();
      assertThat(admin.listGroups().all().get())
          .noneMatch(listed -> listed.groupId().equals(topic));
    }
  }

  /// A topic of one partition and a share group of the same name, which begins at its beginning.
  private static String queue(String name) throws Exception {
    clients.createTopic(name, 1);
    try (Admin admin = clients.admin()) {
      ConfigEntry earliest = new ConfigEntry("share.auto.offset.reset", "earliest");
      admin
          .incrementalAlterConfigs(
              Map.of(
                  new ConfigResource(ConfigResource.Type.GROUP, name),
                  List.of(new AlterConfigOp(earliest, AlterConfigOp.OpType.SET))))
          .all()
          .get();
    }
    return name;
  }

  private static KafkaShareConsumer<String, String> member(String topic, Map<String, Object> more) {
    Map<String, Object> settings = clients.settings(more);
    settings.put("group.id", topic);
    KafkaShareConsumer<String, String> consumer =
        new KafkaShareConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
    consumer.subscribe(List.of(topic));
    return consumer;
  }

  /// Polls each until the group says that all of them have the partition.
  @SafeVarargs
  private static void joinAll(String topic, KafkaShareConsumer<String, String>... members)
      throws Exception {
    try (Admin admin = clients.admin()) {
      Eventually.await(
          "all members have the partition",
          WAIT_MAX,
          () -> {
            for (KafkaShareConsumer<String, String> member : members) {
              assertThat(member.poll(POLL)).isEmpty();
            }
            return membersWithThePartition(admin, topic) == members.length;
          });
    }
  }

  private static long membersWithThePartition(Admin admin, String group) throws Exception {
    try {
      return admin.describeShareGroups(List.of(group)).all().get().get(group).members().stream()
          .filter(member -> member.assignment().topicPartitions().size() == 1)
          .count();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof GroupIdNotFoundException) {
        return 0;
      }
      throw e;
    }
  }

  private static List<ConsumerRecord<String, String>> read(
      KafkaShareConsumer<String, String> consumer, int count) throws Exception {
    List<ConsumerRecord<String, String>> records = new ArrayList<>();
    Eventually.await(
        count + " records",
        WAIT_MAX,
        () -> {
          consumer.poll(POLL).forEach(records::add);
          return records.size() >= count;
        });
    return records;
  }

  private static void assertQueueIsEmpty(String topic) throws Exception {
    TopicPartition partition = new TopicPartition(topic, 0);
    try (Admin admin = clients.admin()) {
      Eventually.await(
          "the queue is empty",
          WAIT_MAX,
          () ->
              admin
                  .listShareGroupOffsets(Map.of(topic, new ListShareGroupOffsetsSpec()))
                  .partitionsToOffsetInfo(topic)
                  .get()
                  .get(partition)
                  .lag()
                  .equals(Optional.of(0L)));
    }
  }
}
