package io.weft.agent.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.api.Membership.Agent;
import io.weft.model.AgentId;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import io.weft.model.Zone;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LeaderChoiceTest {
  private static List<Agent> agents(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> new Agent(new AgentId(i), Zone.NONE, "host", 1))
        .toList();
  }

  private static AgentId leader(int topic, int partition, List<Agent> agents) {
    PartitionId id = new PartitionId(new TopicId(topic, 5), partition);
    return agents.get(LeaderChoice.leaderIndex(id, agents)).id();
  }

  @Test
  void spreadsPartitionsEvenly() {
    int[] led = new int[8];
    for (int topic = 0; topic < 100; topic++) {
      for (int partition = 0; partition < 100; partition++) {
        led[leader(topic, partition, agents(8)).value()]++;
      }
    }

    for (int count : led) {
      assertThat(count).isBetween(1_050, 1_450);
    }
  }

  @Test
  void movesOnlyWhatTheLeavingAgentHad() {
    List<Agent> all = agents(8);
    List<Agent> fewer = new ArrayList<>(all);
    fewer.remove(3);
    for (int partition = 0; partition < 1_000; partition++) {
      AgentId before = leader(1, partition, all);

      AgentId after = leader(1, partition, fewer);

      if (before.value() != 3) {
        assertThat(after).isEqualTo(before);
      }
    }
  }

  @Test
  void spreadsKeysAndKeepsThem() {
    List<Agent> agents = agents(4);

    assertThat(IntStream.range(0, 100).map(i -> LeaderChoice.keyIndex("group-" + i, agents)))
        .contains(0, 1, 2, 3);
    assertThat(LeaderChoice.keyIndex("g", agents)).isEqualTo(LeaderChoice.keyIndex("g", agents));
  }
}
