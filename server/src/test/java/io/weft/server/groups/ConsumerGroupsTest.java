package io.weft.server.groups;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.server.process.WeftProcess;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Consumers that subscribe, poll and commit, of both protocols.
class ConsumerGroupsTest {
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
}
