package io.weft.server.groups;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.server.process.Ports;
import io.weft.server.process.WeftProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.FeatureMetadata;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.clients.consumer.SubscriptionPattern;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Consumers that subscribe, poll and commit, of both protocols.
@Order(1)
class ConsumerGroupsTest {
  private static final long WAIT_MS_MAX = 120_000;
  private static final int PARTITIONS = 4;

  @TempDir static Path folder;

  private static WeftProcess weft;
  private static GroupClients clients;

  @BeforeAll
  static void start() throws InterruptedException {
    weft = WeftProcess.dev(folder);
    clients = new GroupClients(weft.address());
  }

  @AfterAll
  static void stop() {
    weft.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"classic", "consumer"})
  void goesOnWhereItHasCommitted(String protocol) throws Exception {
    String topic = "committed-" + protocol;
    String group = "group-" + topic;
    clients.createTopic(topic, 3);
    clients.produce(topic, 0, 100, 3);
    try (KafkaConsumer<String, String> first =
        clients.consumer(group, "group.protocol", protocol)) {
      first.subscribe(List.of(topic));
      assertThat(GroupClients.poll(first, 100)).hasSize(100);
      first.commitSync();
    }
    clients.produce(topic, 100, 50, 3);
    try (KafkaConsumer<String, String> second =
        clients.consumer(group, "group.protocol", protocol)) {
      second.subscribe(List.of(topic));
      assertThat(GroupClients.poll(second, 50))
          .hasSize(50)
          .allMatch(value -> Integer.parseInt(value) >= 100);
      assertThat(second.committed(Set.of(new TopicPartition(topic, 0))).values())
          .allMatch(each -> each.offset() == 34);
    }
  }

  @Test
  void twoShareTheWorkEagerly() throws Exception {
    shareTheWork("eager", "classic", RangeAssignor.class.getName());
  }

  @Test
  void twoShareTheWorkCooperatively() throws Exception {
    shareTheWork("cooperative", "classic", CooperativeStickyAssignor.class.getName());
  }

  @Test
  void twoShareTheWorkAsTheServerSays() throws Exception {
    shareTheWork("server", "consumer", "");
  }

  private static void shareTheWork(String name, String protocol, String assignor) throws Exception {
    String topic = "shared-" + name;
    clients.createTopic(topic, PARTITIONS);
    try (KafkaConsumer<String, String> first = member(topic, protocol, assignor);
        KafkaConsumer<String, String> second = member(topic, protocol, assignor)) {
      first.subscribe(List.of(topic));
      pollUntil(() -> first.assignment().size() == PARTITIONS, first);
      second.subscribe(List.of(topic));
      pollUntil(
          () ->
              first.assignment().size() == PARTITIONS / 2
                  && second.assignment().size() == PARTITIONS / 2,
          first,
          second);
      Set<Integer> both = new TreeSet<>();
      first.assignment().forEach(each -> both.add(each.partition()));
      second.assignment().forEach(each -> both.add(each.partition()));
      assertThat(both).hasSize(PARTITIONS);
      second.unsubscribe();
      pollUntil(() -> first.assignment().size() == PARTITIONS, first);
    }
  }

  private static KafkaConsumer<String, String> member(
      String topic, String protocol, String assignor) {
    return assignor.isEmpty()
        ? clients.consumer("group-" + topic, "group.protocol", protocol)
        : clients.consumer(
            "group-" + topic,
            "group.protocol",
            protocol,
            "heartbeat.interval.ms",
            "300",
            "partition.assignment.strategy",
            assignor);
  }

  @ParameterizedTest
  @ValueSource(strings = {"classic", "consumer"})
  void aStaticMemberComesBackToWhatItHad(String protocol) throws Exception {
    String topic = "static-" + protocol;
    clients.createTopic(topic, PARTITIONS);
    String[] settings = {
      "group.protocol", protocol, ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, "instance"
    };
    String before;
    try (KafkaConsumer<String, String> first = clients.consumer("group-" + topic, settings)) {
      first.subscribe(List.of(topic));
      pollUntil(() -> first.assignment().size() == PARTITIONS, first);
      before = first.groupMetadata().memberId();
    }
    try (Admin admin = clients.admin()) {
      var group =
          admin
              .describeConsumerGroups(List.of("group-" + topic))
              .describedGroups()
              .get("group-" + topic)
              .get();
      assertThat(group.members()).hasSize(1);
      assertThat(group.groupState()).isNotEqualTo(GroupState.EMPTY);
    }
    try (KafkaConsumer<String, String> second = clients.consumer("group-" + topic, settings)) {
      second.subscribe(List.of(topic));
      pollUntil(() -> second.assignment().size() == PARTITIONS, second);
      assertThat(second.groupMetadata().memberId()).isNotEqualTo(before);
    }
  }

  @Test
  void aPatternFindsTopicsThatComeLater() throws Exception {
    clients.createTopic("pattern-a", 1);
    clients.createTopic("other-a", 1);
    try (KafkaConsumer<String, String> consumer =
        clients.consumer("group-pattern", "group.protocol", "consumer")) {
      consumer.subscribe(new SubscriptionPattern("pattern-.*"));
      pollUntil(() -> consumer.assignment().size() == 1, consumer);
      clients.createTopic("pattern-b", 2);
      pollUntil(() -> consumer.assignment().size() == 3, consumer);
      assertThat(consumer.assignment())
          .allMatch(each -> Pattern.matches("pattern-.*", each.topic()));
    }
  }

  @Test
  void theAdminSeesGroupsAndDeletesThem() throws Exception {
    String topic = "administered";
    clients.createTopic(topic, 1);
    clients.produce(topic, 0, 10, 1);
    try (KafkaConsumer<String, String> consumer = clients.consumer("group-admin")) {
      consumer.subscribe(List.of(topic));
      GroupClients.poll(consumer, 10);
      consumer.commitSync();
    }
    try (Admin admin = clients.admin()) {
      assertThat(admin.listGroups().all().get())
          .anyMatch(group -> group.groupId().equals("group-admin"));
      assertThat(
              admin
                  .listConsumerGroupOffsets("group-admin")
                  .partitionsToOffsetAndMetadata()
                  .get()
                  .get(new TopicPartition(topic, 0))
                  .offset())
          .isEqualTo(10);
      admin.deleteConsumerGroups(List.of("group-admin")).all().get();
      assertThat(admin.listGroups().all().get())
          .noneMatch(group -> group.groupId().equals("group-admin"));
      FeatureMetadata features = admin.describeFeatures().featureMetadata().get();
      assertThat(features.finalizedFeatures()).containsKeys("group.version", "streams.version");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"classic", "consumer"})
  void goesOnAfterAKillOfEverything(String protocol) throws Exception {
    Path own = folder.resolve("killed-" + protocol);
    List<String> arguments = List.of("dev", "--port", Integer.toString(Ports.free()));
    try (WeftProcess first = WeftProcess.start(own, arguments)) {
      GroupClients ours = new GroupClients(first.address());
      ours.createTopic("kept", 2);
      ours.produce("kept", 0, 60, 2);
      try (KafkaConsumer<String, String> consumer =
          ours.consumer("group", "group.protocol", protocol)) {
        consumer.subscribe(List.of("kept"));
        GroupClients.poll(consumer, 60);
        consumer.commitSync();
        String member = consumer.groupMetadata().memberId();
        first.process().kill();
        try (WeftProcess second = WeftProcess.start(own, arguments)) {
          ours.produce("kept", 60, 20, 2);
          assertThat(GroupClients.poll(consumer, 20))
              .allMatch(value -> Integer.parseInt(value) >= 60);
          // The same member of the same group: nobody had to join anew.
          assertThat(consumer.groupMetadata().memberId()).isEqualTo(member);
          consumer.commitSync();
          assertThat(second.port()).isEqualTo(first.port());
        }
      }
    }
  }

  @SafeVarargs
  private static void pollUntil(
      BooleanSupplier reached, KafkaConsumer<String, String>... consumers) {
    long deadline = System.nanoTime() + WAIT_MS_MAX * 1_000_000;
    while (!reached.getAsBoolean()) {
      for (KafkaConsumer<String, String> consumer : consumers) {
        consumer.poll(Duration.ofMillis(50));
      }
      if (System.nanoTime() > deadline) {
        StringBuilder assigned = new StringBuilder();
        for (KafkaConsumer<String, String> consumer : consumers) {
          assigned.append(consumer.assignment());
        }
        throw new AssertionError("not reached: " + assigned);
      }
    }
  }
}
