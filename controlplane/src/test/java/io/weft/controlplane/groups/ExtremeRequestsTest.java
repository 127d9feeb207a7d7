package io.weft.controlplane.groups;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.state.groups.GroupCounts;
import io.weft.simulated.SimulatedWorld;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.common.message.ConsumerGroupDescribeRequestData;
import org.apache.kafka.common.message.ConsumerGroupHeartbeatResponseData;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.ShareGroupDescribeRequestData;
import org.apache.kafka.common.message.ShareGroupHeartbeatResponseData;
import org.apache.kafka.common.message.StreamsGroupHeartbeatResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.MessageUtil;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.junit.jupiter.api.Test;

/// Whatever is sent to the group APIs: the leader goes on, and the next one finds what it has.
final class ExtremeRequestsTest {
  private static final long[] SEEDS = {1, 2, 3, 4, 5, 6, 7, 8};
  private static final int REQUESTS = 2_500;
  private static final int COMPARED_EVERY = 250;
  private static final Map<String, String> SETTINGS = Map.of("groups.max", "40");

  private static final Set<ApiKeys> APIS =
      EnumSet.of(
          ApiKeys.JOIN_GROUP,
          ApiKeys.SYNC_GROUP,
          ApiKeys.HEARTBEAT,
          ApiKeys.LEAVE_GROUP,
          ApiKeys.OFFSET_COMMIT,
          ApiKeys.TXN_OFFSET_COMMIT,
          ApiKeys.OFFSET_FETCH,
          ApiKeys.OFFSET_DELETE,
          ApiKeys.CONSUMER_GROUP_HEARTBEAT,
          ApiKeys.SHARE_GROUP_HEARTBEAT,
          ApiKeys.STREAMS_GROUP_HEARTBEAT,
          ApiKeys.STREAMS_GROUP_TOPOLOGY_DESCRIPTION_UPDATE,
          ApiKeys.LIST_GROUPS,
          ApiKeys.DELETE_GROUPS,
          ApiKeys.DESCRIBE_GROUPS,
          ApiKeys.CONSUMER_GROUP_DESCRIBE,
          ApiKeys.SHARE_GROUP_DESCRIBE,
          ApiKeys.STREAMS_GROUP_DESCRIBE,
          ApiKeys.DESCRIBE_SHARE_GROUP_OFFSETS,
          ApiKeys.ALTER_SHARE_GROUP_OFFSETS,
          ApiKeys.DELETE_SHARE_GROUP_OFFSETS);

  @Test
  void whateverIsAskedTheLeaderGoesOn() {
    for (long seed : SEEDS) {
      System.out.println("extreme requests, seed " + seed);
      SimulatedWorld.run(seed, world -> run(world, new Random(seed)));
    }
  }

  private static void run(SimulatedWorld world, Random random) throws InterruptedException {
    LedRig rig = LedRig.fresh(SETTINGS, world.environment());
    ExtremeMessages messages = new ExtremeMessages(random);
    List<ApiKeys> apis = List.copyOf(APIS);
    int refused = 0;
    for (int i = 1; i <= REQUESTS; i++) {
      ApiKeys api = apis.get(random.nextInt(apis.size()));
      int oldest = api.oldestVersion();
      int version = oldest + random.nextInt(api.latestVersion(true) - oldest + 1);
      byte[] body = bytes(messages.request(api), version, random);
      LedRig.Reply reply =
          rig.ask(api.id, version, body, random.nextInt(50) == 0 ? "c".repeat(32_767) : "c");
      refused += reply.isRefused() ? 1 : 0;
      heed(reply, messages);
      if (random.nextInt(20) == 0) {
        world.sleepMs(random.nextInt(4_000));
        rig.runDue();
      }
      if (i % COMPARED_EVERY == 0) {
        LedRig next = rig.reloaded(SETTINGS);
        assertThat(counted(next)).isEqualTo(counted(rig));
        assertThat(shown(next, rig)).isEqualTo(shown(rig, rig));
      }
    }
    assertThat(refused).as("requests that got somewhere").isLessThan(REQUESTS / 2);
    world.sleepMs(4_000_000);
    rig.runDue();
  }

  /// Nothing that the client's own library would not let through comes out of the random message:
  /// then it is bytes of another one, or broken ones.
  private static byte[] bytes(ApiMessage message, int version, Random random) {
    byte[] bytes;
    try {
      bytes =
          MessageUtil.byteBufferToArray(
              MessageUtil.toByteBufferAccessor(message, (short) version).buffer());
    } catch (RuntimeException impossible) {
      return new byte[random.nextInt(50)];
    }
    if (random.nextInt(10) == 0 && bytes.length > 0) {
      for (int i = 0; i < 1 + bytes.length / 100; i++) {
        bytes[random.nextInt(bytes.length)] = (byte) 0xFF;
      }
    }
    return bytes;
  }

  private static void heed(LedRig.Reply reply, ExtremeMessages messages) {
    reply
        .response()
        .ifPresent(
            response -> {
              switch (response.data()) {
                case JoinGroupResponseData joined -> messages.hear(joined.memberId());
                case ConsumerGroupHeartbeatResponseData beaten -> hear(messages, beaten.memberId());
                case ShareGroupHeartbeatResponseData beaten -> hear(messages, beaten.memberId());
                case StreamsGroupHeartbeatResponseData beaten -> hear(messages, beaten.memberId());
                default -> {}
              }
            });
  }

  private static void hear(ExtremeMessages messages, String id) {
    if (id != null) {
      messages.hear(id);
    }
  }

  /// What one leader says of all the groups that another knows.
  private static Map<String, String> shown(LedRig rig, LedRig known) {
    Map<String, String> shown = new TreeMap<>();
    for (ListGroupsResponseData.ListedGroup group : listed(known)) {
      String id = group.groupId();
      String type = group.groupType();
      if (!fits(id)) {
        continue;
      }
      shown.put("offsets of " + id, offsets(rig, id));
      shown.put(
          type + " " + id,
          switch (type) {
            case "classic" -> classic(rig, known, id);
            case "consumer" ->
                said(rig.ask(new ConsumerGroupDescribeRequestData().setGroupIds(List.of(id)), 0));
            case "share" ->
                said(rig.ask(new ShareGroupDescribeRequestData().setGroupIds(List.of(id)), 1));
            default -> "there";
          });
    }
    shown.put("all", listed(rig).stream().map(each -> each.groupId()).sorted().toList().toString());
    return shown;
  }

  private static String counted(LedRig rig) {
    GroupCounts counts = rig.state.groups().counts();
    return "%d groups, %d bytes, %d offsets of g"
        .formatted(counts.groups(), counts.bytes(), counts.offsets("g"));
  }

  private static boolean fits(String id) {
    try {
      new DescribeGroupsRequestData()
          .setGroups(List.of(id))
          .size(new ObjectSerializationCache(), (short) 5);
      return true;
    } catch (RuntimeException tooLong) {
      return false;
    }
  }

  private static List<ListGroupsResponseData.ListedGroup> listed(LedRig rig) {
    return ((ListGroupsResponseData)
            rig.ask(new ListGroupsRequestData(), 5).response().orElseThrow().data())
        .groups();
  }

  private static String offsets(LedRig rig, String group) {
    OffsetFetchRequestData request =
        new OffsetFetchRequestData()
            .setGroups(
                List.of(
                    new OffsetFetchRequestData.OffsetFetchRequestGroup()
                        .setGroupId(group)
                        .setTopics(null)));
    return said(rig.ask(request.duplicate().setRequireStable(true), 9))
        + said(rig.ask(request.duplicate().setRequireStable(false), 9));
  }

  /// A classic group that is being balanced anew is in memory only, as in Kafka.
  private static String classic(LedRig rig, LedRig known, String id) {
    DescribeGroupsRequestData request = new DescribeGroupsRequestData().setGroups(List.of(id));
    DescribeGroupsResponseData described =
        (DescribeGroupsResponseData) known.ask(request, 5).response().orElseThrow().data();
    return described.groups().getFirst().groupState().equals("Stable")
        ? said(rig.ask(request, 5))
        : "not stable";
  }

  /// In words by their order: nothing says which is named first.
  private static String said(LedRig.Reply reply) {
    String all = reply.response().orElseThrow().data().toString();
    return Stream.of(all.split("[(),\\[\\]]")).sorted().toList().toString();
  }
}
