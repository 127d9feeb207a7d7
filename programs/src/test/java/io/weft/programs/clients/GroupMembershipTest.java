package io.weft.programs.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.programs.Clients;
import io.weft.programs.Eventually;
import io.weft.programs.Target;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Java consumers in groups of both protocols: members come and go, and no record is lost or read
/// twice.
@Timeout(300)
@Order(1)
class GroupMembershipTest {
  private static final Duration WAIT_MAX = Duration.ofMinutes(2);

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
  void membersComeAndGo(Protocol protocol) throws Exception {
    String topic = "members-" + protocol.lowerCase();
    clients.createTopic(topic, 6);
    send(topic, 6, 0, 300);
    try (GroupMember a = join(protocol, topic)) {
      await("a has all", () -> a.share() == 6 && a.values().size() == 300);
      GroupMember b = join(protocol, topic);
      try (GroupMember c = join(protocol, topic)) {
        await("two each", () -> shares(a, b, c).equals(List.of(2, 2, 2)));
        send(topic, 6, 300, 600);
        await("600 records", () -> GroupMember.values(a, b, c).size() >= 600);
        assertDescribed(topic, protocol, 3);
        b.close();
        await("three each", () -> shares(a, c).equals(List.of(3, 3)));
        send(topic, 6, 600, 900);
        await("900 records", () -> GroupMember.values(a, b, c).size() >= 900);
        assertThat(GroupMember.partitions(a, c)).hasSize(6);
        assertThat(GroupMember.values(a, b, c)).containsExactlyInAnyOrderElementsOf(values(0, 900));
      }
    }
    assertThat(clients.committed(topic).values()).hasSize(6).containsOnly(150L);
    send(topic, 6, 900, 901);
    try (GroupMember later = join(protocol, topic)) {
      await("one more", () -> !later.values().isEmpty());
      assertThat(later.values()).isEqualTo(values(900, 901));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aStaticMemberComesBackToItsPartitions(Protocol protocol) throws Exception {
    String topic = "static-" + protocol.lowerCase();
    clients.createTopic(topic, 4);
    GroupMember first = join(protocol, topic, "first");
    try (GroupMember other = join(protocol, topic, "other")) {
      await("two each", () -> shares(first, other).equals(List.of(2, 2)));
      Set<String> partitions = GroupMember.partitions(first);
      int rebalances = other.rebalances();
      first.close();
      send(topic, 4, 0, 40);
      try (GroupMember again = join(protocol, topic, "first")) {
        await("40 records", () -> GroupMember.values(again, other).size() >= 40);
        assertThat(GroupMember.partitions(again)).isEqualTo(partitions);
        assertThat(GroupMember.values(again, other))
            .containsExactlyInAnyOrderElementsOf(values(0, 40));
        assertThat(other.rebalances()).isEqualTo(rebalances);
      }
      remove(topic, "first");
      await("the other has all", () -> other.share() == 4);
    }
  }

  private static void remove(String group, String instance) throws Exception {
    try (Admin admin = clients.admin()) {
      admin
          .removeMembersFromConsumerGroup(
              group,
              new RemoveMembersFromConsumerGroupOptions(List.of(new MemberToRemove(instance))))
          .all()
          .get();
    }
  }

  private static void assertDescribed(String group, Protocol protocol, int members)
      throws Exception {
    try (Admin admin = clients.admin()) {
      ConsumerGroupDescription described =
          admin.describeConsumerGroups(List.of(group)).all().get().get(group);
      assertThat(described.groupState()).isEqualTo(GroupState.STABLE);
      assertThat(described.type())
          .isEqualTo(protocol == Protocol.CONSUMER ? GroupType.CONSUMER : GroupType.CLASSIC);
      assertThat(described.members())
          .hasSize(members)
          .allMatch(member -> member.assignment().topicPartitions().size() == 6 / members);
      assertThat(admin.listGroups().all().get()).anyMatch(listed -> listed.groupId().equals(group));
    }
  }

  private static void await(String what, Callable<Boolean> condition) throws Exception {
    Eventually.await(what, WAIT_MAX, condition);
  }

  private static GroupMember join(Protocol protocol, String topic) {
    return GroupMember.join(clients, topic, topic, protocol.settings(Map.of()));
  }

  private static GroupMember join(Protocol protocol, String topic, String instance) {
    Map<String, Object> settings = protocol.settings(Map.of("group.instance.id", instance));
    return GroupMember.join(clients, topic, topic, settings);
  }

  private static List<Integer> shares(GroupMember... members) {
    return List.of(members).stream().map(GroupMember::share).toList();
  }

  private static void send(String topic, int partitions, int from, int to) throws Exception {
    clients.send(topic, partitions, values(from, to));
  }

  private static List<String> values(int from, int to) {
    return IntStream.range(from, to).mapToObj("value %d"::formatted).toList();
  }
}
