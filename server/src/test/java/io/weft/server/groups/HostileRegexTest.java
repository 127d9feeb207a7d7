package io.weft.server.groups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.server.clients.Deadline;
import io.weft.server.process.RawClient;
import io.weft.server.process.WeftProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.SubscriptionPattern;
import org.apache.kafka.common.errors.InvalidRegularExpression;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A member subscribes with a regular expression whose compilation or matching would take more
/// stack than a thread has: it is refused, and the others do not notice.
@Timeout(300)
class HostileRegexTest {
  private static final String HOSTILE = "(.?){1000}(.?){1000}(.?){1000}(.?){1000}b";
  private static final String NESTED = "(((a{1000}){1000}){1000})";

  private static final String HEAP = "-Xmx256m";

  private static final String TOPIC = "beside";
  private static final int RECORDS = 50;
  private static final Duration POLL = Duration.ofMillis(500);

  @TempDir Path folder;

  @Test
  void itIsRefusedAndTheLeaderGoesOn() throws Exception {
    try (WeftProcess controlPlane = WeftProcess.controlPlane(folder, HEAP);
        WeftProcess agent = WeftProcess.agent(folder, "agent", controlPlane, HEAP)) {
      GroupClients clients = new GroupClients(agent.address());
      clients.createTopic(TOPIC, 1);
      try (KafkaConsumer<String, String> beside =
          clients.consumer("beside", "group.protocol", "consumer")) {
        beside.subscribe(new SubscriptionPattern("bes.*"));
        clients.produce(TOPIC, 0, RECORDS, 1);
        assertThat(GroupClients.poll(beside, RECORDS)).hasSize(RECORDS);

        assertThat(join(agent.port(), HOSTILE)).isEqualTo(Errors.INVALID_REGULAR_EXPRESSION);
        assertThat(join(agent.port(), NESTED)).isEqualTo(Errors.INVALID_REGULAR_EXPRESSION);
        consumerIsTold(clients);

        clients.produce(TOPIC, RECORDS, RECORDS, 1);
        assertThat(GroupClients.poll(beside, RECORDS)).contains("" + RECORDS);
        beside.commitSync();
      }
      assertThat(controlPlane.process().isAlive()).isTrue();
      for (WeftProcess each : List.of(controlPlane, agent)) {
        assertThat(each.process().output())
            .contains(" INFO ")
            .doesNotContain("\tat ", "StackOverflowError", "quarantine");
      }
    }
  }

  /// As a real client meets it, with the group's other member well.
  private static void consumerIsTold(GroupClients clients) {
    try (KafkaConsumer<String, String> hostile =
        clients.consumer("beside", "group.protocol", "consumer")) {
      hostile.subscribe(new SubscriptionPattern(HOSTILE));
      assertThatThrownBy(
              () -> {
                Deadline deadline = Deadline.usual();
                while (true) {
                  hostile.poll(POLL);
                  deadline.check("a consumer was not told that its pattern is refused");
                }
              })
          .isInstanceOf(InvalidRegularExpression.class);
    }
  }

  private static Errors join(int port, String regex) throws IOException {
    try (RawClient raw = new RawClient(port)) {
      ConsumerGroupHeartbeatResponseData said =
          (ConsumerGroupHeartbeatResponseData)
              raw.ask(
                      ApiKeys.CONSUMER_GROUP_HEARTBEAT,
                      (short) 1,
                      new ConsumerGroupHeartbeatRequestData()
                          .setGroupId("hostile")
                          .setMemberId("member")
                          .setMemberEpoch(0)
                          .setRebalanceTimeoutMs(60_000)
                          .setSubscribedTopicRegex(regex)
                          .setTopicPartitions(List.of()))
                  .data();
      return Errors.forCode(said.errorCode());
    }
  }
}
