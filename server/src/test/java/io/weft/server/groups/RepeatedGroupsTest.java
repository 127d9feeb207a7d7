package io.weft.server.groups;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.server.process.RawClient;
import io.weft.server.process.WeftProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A request of a few kilobytes names one group with many offsets again and again, so that the
/// answer would be hundreds of times as long as what is known: a control plane with a small heap
/// says what fits, refuses the rest by name, and goes on.
@Timeout(300)
class RepeatedGroupsTest {
  private static final int WAIT_MS_MAX = 120_000;
  private static final int TOPICS = 4;
  private static final int PARTITIONS = 5_000;
  private static final int OFFSETS = TOPICS * PARTITIONS;
  private static final int TIMES = 400;
  private static final int ASKED = 2;

  /// The whole answer would have eight million partitions, of some 50 bytes each as objects.
  private static final String[] SMALL_HEAP = {"-Xmx256m", "-XX:+ExitOnOutOfMemoryError"};

  @TempDir Path folder;

  @Test
  void whatFitsIsSaidAndTheRestIsRefused() throws Exception {
    try (WeftProcess controlPlane = WeftProcess.controlPlane(folder, SMALL_HEAP);
        WeftProcess agent = WeftProcess.agent(folder, "agent", controlPlane, "-Xmx512m")) {
      GroupClients clients = new GroupClients(agent.address());
      commit(clients);
      for (int i = 0; i < ASKED; i++) {
        OffsetFetchResponseData said = fetch(agent.port());
        assertThat(said.groups()).hasSize(TIMES).allMatch(group -> group.groupId().equals("large"));
        Map<Errors, List<OffsetFetchResponseGroup>> byError =
            said.groups().stream()
                .collect(Collectors.groupingBy(group -> Errors.forCode(group.errorCode())));
        assertThat(byError).containsOnlyKeys(Errors.NONE, Errors.INVALID_REQUEST);
        assertThat(byError.get(Errors.NONE)).allMatch(group -> offsets(group) == OFFSETS);
      }
      goesOn(clients);
      assertThat(controlPlane.process().isAlive()).isTrue();
      assertThat(agent.process().isAlive()).isTrue();
      assertThat(controlPlane.process().output()).doesNotContain("\tat ", "OutOfMemory");
    }
  }

  private static void commit(GroupClients clients) throws Exception {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    try (Admin admin = clients.admin()) {
      for (int topic = 0; topic < TOPICS; topic++) {
        String name = "wide-" + topic;
        admin
            .createTopics(List.of(new NewTopic(name, Optional.of(PARTITIONS), Optional.empty())))
            .all()
            .get(WAIT_MS_MAX, TimeUnit.MILLISECONDS);
        for (int i = 0; i < PARTITIONS; i++) {
          offsets.put(new TopicPartition(name, i), new OffsetAndMetadata(i));
        }
      }
      admin
          .alterConsumerGroupOffsets("large", offsets)
          .all()
          .get(WAIT_MS_MAX, TimeUnit.MILLISECONDS);
    }
  }

  private static OffsetFetchResponseData fetch(int port) throws IOException {
    OffsetFetchRequestGroup all = new OffsetFetchRequestGroup().setGroupId("large").setTopics(null);
    OffsetFetchRequestData request =
        new OffsetFetchRequestData().setGroups(Collections.nCopies(TIMES, all));
    try (RawClient raw = new RawClient(port, WAIT_MS_MAX)) {
      return (OffsetFetchResponseData) raw.ask(ApiKeys.OFFSET_FETCH, (short) 9, request).data();
    }
  }

  private static int offsets(OffsetFetchResponseGroup group) {
    return group.topics().stream().mapToInt(topic -> topic.partitions().size()).sum();
  }

  /// A client that knows nothing of it writes, reads and commits.
  private static void goesOn(GroupClients clients) throws Exception {
    clients.createTopic("beside", 1);
    clients.produce("beside", 0, 50, 1);
    try (KafkaConsumer<String, String> consumer = clients.consumer("beside")) {
      consumer.subscribe(List.of("beside"));
      assertThat(GroupClients.poll(consumer, 50)).hasSize(50);
      consumer.commitSync();
    }
  }
}
