package io.weft.agent.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.api.Membership;
import io.weft.controlplane.api.Membership.Profile;
import io.weft.controlplane.api.Membership.Role;
import io.weft.controlplane.api.TopicCatalog.NewTopic;
import io.weft.controlplane.api.admin.Releases;
import io.weft.controlplane.state.DirectPort;
import io.weft.environment.Environment;
import io.weft.model.AgentId;
import io.weft.model.TopicId;
import io.weft.model.Zone;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.requests.MetadataRequest;
import org.apache.kafka.common.requests.MetadataResponse;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Clients keep the newest leader epoch that they have seen of a partition, and ignore answers with
/// an older one: whichever agent answers, another leader comes with a higher epoch, and none ever
/// with a lower one.
class LeaderEpochProperties {
  private static final long SEED = new Random().nextLong();
  private static final int RUNS = 20;
  private static final int STEPS = 60;
  private static final int PARTITIONS = 20;
  private static final List<String> CLIENTS =
      List.of(
          "nowhere",
          "weft_az=a",
          "weft_az=b",
          "weft_az=mars",
          "weft_az=a,weft_role=produce",
          "weft_role=consume",
          "weft_agent_group=batch,weft_az=b");

  private final Random random = new Random(SEED);

  @BeforeAll
  static void printSeed() {
    System.out.println("LeaderEpochProperties: seed " + SEED);
  }

  private record Led(int leader, int epoch) {}

  /// A cluster, two agents that answer of it, and what its clients have seen.
  private final class Run {
    final DirectPort controlPlane = new DirectPort();
    final List<TestApi> answering = List.of(api(), api());
    final List<Integer> live = new ArrayList<>();
    final Map<String, Led> seen = new HashMap<>();
    int instances;

    private TestApi api() {
      return new TestApi(controlPlane, ApiSettings.DEFAULTS, Environment.system());
    }

    void change() {
      Membership membership = controlPlane.as(Membership.class);
      switch (random.nextInt(8)) {
        case 0, 1, 2 -> register(instances++);
        case 3 -> register(random.nextInt(instances + 1));
        case 4, 5, 6 -> {
          if (!live.isEmpty()) {
            Integer left = live.get(random.nextInt(live.size()));
            live.remove(/* element */ left);
            membership.leave(new AgentId(left));
          }
        }
        default -> controlPlane.as(Releases.class).finish(2);
      }
    }

    private void register(int instance) {
      instances = Math.max(instances, instance + 1);
      Profile profile =
          new Profile(
              random.nextInt(3) == 0 ? "batch" : "",
              switch (random.nextInt(4)) {
                case 0 -> EnumSet.of(Role.PRODUCE);
                case 1 -> EnumSet.of(Role.CONSUME);
                default -> EnumSet.allOf(Role.class);
              });
      int id =
          controlPlane
              .as(Membership.class)
              .register(
                  new UUID(1, instance),
                  new Zone(List.of("a", "b", "").get(random.nextInt(3))),
                  "host",
                  9092,
                  Optional.empty(),
                  Optional.of(profile))
              .id()
              .value();
      if (!live.contains(id)) {
        live.add(id);
      }
    }

    void look() throws InterruptedException {
      TestApi api = answering.get(random.nextInt(answering.size()));
      api.catalog.fresh();
      for (String client : CLIENTS) {
        MetadataRequestData data =
            new MetadataRequestData().setTopics(List.of(new MetadataRequestTopic().setName("t")));
        MetadataResponse response =
            (MetadataResponse) api.ask(new MetadataRequest(data, (short) 12), client);
        for (MetadataResponsePartition each :
            response.data().topics().iterator().next().partitions()) {
          Led now = new Led(each.leaderId(), each.leaderEpoch());
          Led before = seen.put(client + "/" + each.partitionIndex(), now);
          if (before != null) {
            assertThat(now.epoch()).isGreaterThanOrEqualTo(before.epoch());
            if (now.leader() != before.leader()) {
              assertThat(now.epoch()).isGreaterThan(before.epoch());
            }
          }
        }
      }
    }
  }

  @Test
  void anotherLeaderComesWithAHigherEpochAndNoneWithALowerOne() throws InterruptedException {
    int changes = 0;
    for (int run = 0; run < RUNS; run++) {
      Run cluster = new Run();
      cluster.controlPlane.create(
          new NewTopic(new TopicId(1, run), "t", PARTITIONS, (short) 3, Map.of()));
      cluster.look();
      for (int step = 0; step < STEPS; step++) {
        cluster.change();
        Map<String, Led> before = Map.copyOf(cluster.seen);
        cluster.look();
        changes += before.equals(cluster.seen) ? 0 : 1;
      }
    }
    assertThat(changes).isGreaterThan(RUNS);
  }
}
