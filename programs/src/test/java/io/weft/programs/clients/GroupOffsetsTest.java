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
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.SubscriptionPattern;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What Java consumers do with positions and committed offsets, and administrators with those of a
/// group.
@Timeout(300)
@Order(1)
class GroupOffsetsTest {
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

  @ParameterizedTest
  @EnumSource
  void committedOffsetsAreGivenBack(Protocol protocol) throws Exception {
    String topic = topic("commits", protocol, 2);
    TopicPartition zero = new TopicPartition(topic, 0);
    TopicPartition one = new TopicPartition(topic, 1);
    try (var consumer = member(protocol, topic)) {
      assertThat(read(consumer, 20)).hasSize(20);
      assertThat(consumer.committed(Set.of(zero, one)).values()).containsOnlyNulls();
      consumer.commitSync(Map.of(zero, new OffsetAndMetadata(4, "four")));
      assertThat(consumer.committed(Set.of(zero)).get(zero))
          .isEqualTo(new OffsetAndMetadata(4, "four"));
      AtomicReference<Object> answer = new AtomicReference<>();
      consumer.commitAsync(
          Map.of(one, new OffsetAndMetadata(7)),
          (offsets, e) -> answer.set(e == null ? "fine" : e));
      Eventually.await(
          "an answer",
          WAIT_MAX,
          () -> {
            consumer.poll(POLL);
            return answer.get() != null;
          });
      assertThat(answer.get()).isEqualTo("fine");
    }
    try (var consumer = member(protocol, topic)) {
      assertThat(read(consumer, 9)).hasSize(9);
      assertThat(consumer.position(zero) + consumer.position(one)).isEqualTo(20);
    }
  }

  @ParameterizedTest
  @EnumSource
  void positionsAreMovedAndHeld(Protocol protocol) throws Exception {
    String topic = topic("positions", protocol, 2);
    TopicPartition zero = new TopicPartition(topic, 0);
    TopicPartition one = new TopicPartition(topic, 1);
    try (var consumer = member(protocol, topic)) {
      assertThat(read(consumer, 20)).hasSize(20);
      consumer.seek(zero, 8);
      consumer.seekToBeginning(List.of(one));
      consumer.pause(List.of(one));
      assertThat(read(consumer, 2)).extracting(ConsumerRecord::offset).containsExactly(8L, 9L);
      clients.send(topic, 2, List.of("more", "more"));
      assertThat(read(consumer, 1)).allMatch(record -> record.partition() == 0);
      assertThat(consumer.position(one)).isZero();
      consumer.resume(List.of(one));
      assertThat(read(consumer, 11)).allMatch(record -> record.partition() == 1);
      consumer.seekToEnd(List.of(zero, one));
      assertThat(consumer.position(zero)).isEqualTo(11);
      assertThat(consumer.currentLag(zero)).hasValue(0);
    }
  }

  @ParameterizedTest
  @EnumSource
  void topicsAreFoundByAPattern(Protocol protocol) throws Exception {
    topic("pattern-a", protocol, 1);
    topic("other", protocol, 1);
    Map<String, Object> settings = Map.of("group.id", "pattern", "metadata.max.age.ms", 500);
    try (var consumer = clients.consumer(protocol.settings(settings))) {
      consumer.subscribe(Pattern.compile("pattern-.*-" + protocol.lowerCase()));
      assertThat(read(consumer, 10)).hasSize(10);
      consumer.commitSync();
      topic("pattern-b", protocol, 1);
      assertThat(read(consumer, 10))
          .allMatch(record -> record.topic().equals("pattern-b-" + protocol.lowerCase()));
    }
  }

  /// KIP-848's own kind of pattern. The group looks for new topics every ten seconds at most.
  @Test
  void theGroupFindsTopicsByAPattern() throws Exception {
    topic("regex-a", Protocol.CONSUMER, 1);
    Map<String, Object> settings = Protocol.CONSUMER.settings(Map.of("group.id", "regex"));
    try (var consumer = clients.consumer(settings)) {
      consumer.subscribe(new SubscriptionPattern("regex-[ab]-.*"));
      assertThat(read(consumer, 10)).hasSize(10);
      consumer.commitSync();
      topic("regex-b", Protocol.CONSUMER, 1);
      assertThat(read(consumer, 10)).allMatch(record -> record.topic().startsWith("regex-b"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void anAdministratorMovesAndDeletesWhatAGroupCommitted(Protocol protocol) throws Exception {
    String topic = topic("administered", protocol, 2);
    TopicPartition zero = new TopicPartition(topic, 0);
    TopicPartition one = new TopicPartition(topic, 1);
    try (Admin admin = clients.admin()) {
      try (var consumer = member(protocol, topic)) {
        assertThat(read(consumer, 20)).hasSize(20);
        consumer.commitSync();
        assertThatThrownBy(() -> admin.deleteConsumerGroups(List.of(topic)).all().get())
            .hasCauseInstanceOf(GroupNotEmptyException.class);
      }
      assertThat(clients.committed(topic)).isEqualTo(Map.of(zero, 10L, one, 10L));
      admin.alterConsumerGroupOffsets(topic, Map.of(zero, new OffsetAndMetadata(3))).all().get();
      admin.deleteConsumerGroupOffsets(topic, Set.of(one)).all().get();
      assertThat(clients.committed(topic)).isEqualTo(Map.of(zero, 3L));
      try (var consumer = member(protocol, topic)) {
        assertThat(read(consumer, 17)).hasSize(17);
      }
      admin.deleteConsumerGroups(List.of(topic)).all().get();
      assertThat(groups(admin)).doesNotContain(topic);
      assertThatThrownBy(() -> admin.describeConsumerGroups(List.of(topic)).all().get())
          .hasCauseInstanceOf(GroupIdNotFoundException.class);
    }
  }

  private static List<String> groups(Admin admin) throws ExecutionException, InterruptedException {
    return admin.listGroups().all().get().stream().map(listed -> listed.groupId()).toList();
  }

  /// A topic of this name and protocol with ten records in each partition.
  private static String topic(String name, Protocol protocol, int partitions) throws Exception {
    String topic = name + "-" + protocol.lowerCase();
    clients.createTopic(topic, partitions);
    clients.send(
        topic,
        partitions,
        IntStream.range(0, 10 * partitions).mapToObj(Integer::toString).toList());
    return topic;
  }

  /// A member of the group with the topic's name.
  private static KafkaConsumer<String, String> member(Protocol protocol, String topic) {
    Map<String, Object> settings = new HashMap<>(protocol.settings(Map.of("group.id", topic)));
    KafkaConsumer<String, String> consumer = clients.consumer(settings);
    consumer.subscribe(List.of(topic));
    return consumer;
  }

  private static List<ConsumerRecord<String, String>> read(
      KafkaConsumer<String, String> consumer, int count) throws Exception {
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
}
