package io.weft.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.controlplane.api.TopicCatalog;
import io.weft.server.clients.BoundedProducer;
import io.weft.server.process.WeftProcess;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Topics whose settings are too long are refused, and as many as take several pages of the catalog
/// are topics like others, for agents that start afterwards too.
@Timeout(300)
class LargeCatalogTest {
  private static final long WAIT_MS_MAX = 120_000;
  private static final int TOPICS = 300;
  private static final String LEADER = "leader.replication.throttled.replicas";
  private static final String FOLLOWER = "follower.replication.throttled.replicas";
  private static final String NUMBER = "604800000";
  private static final String BESIDE = "beside";

  @TempDir Path folder;

  @Test
  void topicsOfSeveralPagesAreCreatedListedDescribedAndDeleted() throws Exception {
    try (WeftProcess controlPlane = WeftProcess.controlPlane(folder, "-Xmx512m");
        WeftProcess first = WeftProcess.agent(folder, "first", controlPlane, "-Xmx512m");
        Admin admin = admin(first);
        Beside beside = new Beside(admin, first.address())) {
      refusesTooMuch(admin);
      beside.writes();

      List<NewTopic> wanted = IntStream.range(0, TOPICS).mapToObj(LargeCatalogTest::large).toList();
      get(admin.createTopics(wanted).all());
      beside.writes();

      try (WeftProcess second = WeftProcess.agent(folder, "second", controlPlane, "-Xmx512m");
          Admin through = admin(second)) {
        showsAll(through);
        beside.writes();
        get(through.deleteTopics(names()).all());
        for (Admin each : List.of(through, admin)) {
          awaitOnlyTheOneBeside(each);
        }
        beside.writes();
      }
    }
  }

  private static void refusesTooMuch(Admin admin) {
    Map<String, String> oneTooLong = Map.of(LEADER, replicas(TopicCatalog.SETTING_CHARS_MAX + 1));
    assertThatThrownBy(() -> get(admin.createTopics(List.of(topic("one", oneTooLong))).all()))
        .cause()
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining(TopicCatalog.SETTING_CHARS_MAX + " are possible");
    Map<String, String> togetherTooLong = new HashMap<>(settings());
    togetherTooLong.put("segment.ms", zeros(TopicCatalog.SETTING_CHARS_MAX - 100));
    assertThatThrownBy(() -> get(admin.createTopics(List.of(topic("all", togetherTooLong))).all()))
        .cause()
        .isInstanceOf(InvalidConfigurationException.class)
        .hasMessageContaining(TopicCatalog.SETTING_CHARS_PER_TOPIC_MAX + " are possible");
  }

  private static void showsAll(Admin admin) throws Exception {
    assertThat(get(admin.listTopics().names())).containsAll(names()).contains(BESIDE);
    Map<String, TopicDescription> described = get(admin.describeTopics(names()).allTopicNames());
    assertThat(described.keySet()).isEqualTo(names());
    assertThat(described.values()).allMatch(topic -> topic.partitions().size() == 1);
    Map<ConfigResource, Config> shown =
        get(
            admin
                .describeConfigs(
                    names().stream()
                        .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                        .toList())
                .all());
    assertThat(shown).hasSize(TOPICS);
    for (Config each : shown.values()) {
      for (String lists : List.of(LEADER, FOLLOWER)) {
        assertThat(each.get(lists).value()).isEqualTo(settings().get(lists));
      }
      assertThat(each.get("retention.ms").value()).endsWith(NUMBER);
    }
  }

  private static void awaitOnlyTheOneBeside(Admin admin) throws Exception {
    Set<String> there = get(admin.listTopics().names());
    long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(WAIT_MS_MAX);
    while (!there.equals(Set.of(BESIDE)) && System.nanoTime() < deadlineNs) {
      there = get(admin.listTopics().names());
    }
    assertThat(there).containsExactly(BESIDE);
  }

  private static NewTopic large(int number) {
    return topic(name(number), settings());
  }

  private static NewTopic topic(String name, Map<String, String> settings) {
    return new NewTopic(name, Optional.of(1), Optional.of((short) 1)).configs(settings);
  }

  private static String name(int number) {
    return "large-%03d".formatted(number);
  }

  private static Set<String> names() {
    Set<String> names = new TreeSet<>();
    for (int i = 0; i < TOPICS; i++) {
      names.add(name(i));
    }
    return names;
  }

  /// All that a topic may have, less a few characters: 85 such topics are more than a page.
  private static Map<String, String> settings() {
    Map<String, String> settings = new TreeMap<>();
    int chars = TopicCatalog.SETTING_CHARS_MAX - 100;
    settings.put(LEADER, replicas(chars));
    settings.put(FOLLOWER, replicas(chars));
    settings.put("retention.ms", zeros(chars));
    settings.put("retention.bytes", zeros(chars));
    return settings;
  }

  private static String replicas(int charsMin) {
    return "10:10" + ",10:10".repeat(charsMin / 6);
  }

  /// A number as long as that.
  private static String zeros(int chars) {
    return "0".repeat(chars - NUMBER.length()) + NUMBER;
  }

  private static <T> T get(KafkaFuture<T> future) throws Exception {
    return future.get(WAIT_MS_MAX, TimeUnit.MILLISECONDS);
  }

  private static Admin admin(WeftProcess agent) {
    return Admin.create(Map.of("bootstrap.servers", agent.address()));
  }

  /// A producer that has nothing to do with it. Owned by one thread.
  private static final class Beside implements AutoCloseable {
    private final KafkaProducer<String, String> producer;
    private long written;

    private Beside(Admin admin, String address) throws Exception {
      get(admin.createTopics(List.of(topic(BESIDE, Map.of()))).all());
      producer =
          new BoundedProducer<>(
              Map.of("bootstrap.servers", address), new StringSerializer(), new StringSerializer());
    }

    private void writes() throws Exception {
      long offset =
          producer
              .send(new ProducerRecord<>(BESIDE, "" + written))
              .get(WAIT_MS_MAX, TimeUnit.MILLISECONDS)
              .offset();
      assertThat(offset).isEqualTo(written++);
    }

    @Override
    public void close() {
      producer.close();
    }
  }
}
