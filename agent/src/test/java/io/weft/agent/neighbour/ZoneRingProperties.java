package io.weft.agent.neighbour;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.api.Membership.Address;
import io.weft.controlplane.api.Membership.Agent;
import io.weft.controlplane.api.Membership.Profile;
import io.weft.controlplane.api.Membership.Role;
import io.weft.model.AgentId;
import io.weft.model.Zone;
import io.weft.storage.file.FilePlace;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever agents and files there are: owners are even, and few pieces change theirs.
class ZoneRingProperties {
  private static final Zone ZONE = new Zone("a");
  private static final int PIECES = 60_000;

  private static Agent agent(int id) {
    return new Agent(
        new AgentId(id),
        ZONE,
        "host-" + id,
        9_092,
        Optional.of(new Address("host-" + id, 9_093)),
        Optional.empty());
  }

  /// Ids as they come and go over the time of a cluster.
  private static List<Agent> agents(Random random, int count) {
    List<Agent> agents = new ArrayList<>();
    int id = 0;
    for (int i = 0; i < count; i++) {
      id += 1 + random.nextInt(5);
      agents.add(agent(id));
    }
    return agents;
  }

  private static AgentId owner(ZoneRing ring, long fileId) {
    return ring.ranked(FilePlace.of(fileId), fileId % 3).getFirst().id();
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void everyAgentOwnsAsMuchAsTheOthersWithinATenth(long seed) {
    Random random = new Random(seed);
    int count = 2 + random.nextInt(11);
    ZoneRing ring = ZoneRing.of(agents(random, count), ZONE, "");
    long first = random.nextLong(1L << 40);
    Map<AgentId, Integer> owned = new HashMap<>();
    for (int i = 0; i < PIECES; i++) {
      owned.merge(owner(ring, first + i), 1, Integer::sum);
    }
    assertThat(owned).hasSize(count);
    assertThat(owned.values())
        .allSatisfy(
            each -> assertThat(each).isCloseTo(PIECES / count, Percentage.withPercentage(10)));
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void onlyThePiecesOfAnAgentThatComesOrGoesMove(long seed) {
    Random random = new Random(seed);
    int count = 3 + random.nextInt(10);
    List<Agent> all = agents(random, count);
    Agent coming = all.get(random.nextInt(count));
    ZoneRing with = ZoneRing.of(all, ZONE, "");
    ZoneRing without =
        ZoneRing.of(all.stream().filter(each -> !each.equals(coming)).toList(), ZONE, "");
    int moved = 0;
    for (int i = 0; i < PIECES; i++) {
      AgentId before = owner(without, i);
      AgentId after = owner(with, i);
      if (!before.equals(after)) {
        assertThat(after).isEqualTo(coming.id());
        moved++;
        // It falls to the second of the ranks again when the first is gone.
        assertThat(with.ranked(FilePlace.of(i), i % 3).get(1).id()).isEqualTo(before);
      }
    }
    assertThat(moved).isCloseTo(PIECES / count, Percentage.withPercentage(10));
  }

  @Test
  void agentsThatKnowTheSameMembersAgreeInWhateverOrderTheyHeardOfThem() {
    List<Agent> agents = agents(new Random(5), 7);
    ZoneRing one = ZoneRing.of(agents, ZONE, "");
    List<Agent> shuffled = new ArrayList<>(agents);
    Collections.shuffle(shuffled, new Random(6));

    assertThat(ZoneRing.of(shuffled, ZONE, "")).isEqualTo(one);
    assertThat(one.ranked(FilePlace.of(12), 0)).hasSize(7).doesNotHaveDuplicates();
  }

  @Test
  void agentsOfOtherGroupsAreInOtherRings() {
    Agent red = withProfile(3, Optional.of(new Profile("red", EnumSet.allOf(Role.class))));
    Agent standard = withProfile(4, Optional.of(Profile.STANDARD));
    Agent unknown = withProfile(5, Optional.empty());
    List<Agent> all = List.of(red, standard, unknown);

    assertThat(ZoneRing.of(all, ZONE, "red").members())
        .extracting(Neighbour::id)
        .containsExactly(new AgentId(3));
    assertThat(ZoneRing.of(all, ZONE, "").members())
        .extracting(Neighbour::id)
        .containsExactly(new AgentId(4), new AgentId(5));
  }

  private static Agent withProfile(int id, Optional<Profile> profile) {
    Agent agent = agent(id);
    return new Agent(
        agent.id(), agent.zone(), agent.host(), agent.port(), agent.neighbours(), profile);
  }

  @Test
  void onlyAgentsOfTheZoneThatSayWhereTheyAreAskedAreMembers() {
    Agent silent = new Agent(new AgentId(7), ZONE, "host", 9_092);
    Agent far =
        new Agent(
            new AgentId(8),
            new Zone("b"),
            "far",
            9_092,
            Optional.of(new Address("far", 9_093)),
            Optional.empty());
    Agent impossible =
        new Agent(
            new AgentId(9),
            ZONE,
            "odd",
            9_092,
            Optional.of(new Address("no host", 9_093)),
            Optional.empty());
    ZoneRing ring = ZoneRing.of(List.of(agent(1), silent, far, impossible), ZONE, "");

    assertThat(ring.members()).extracting(Neighbour::id).containsExactly(new AgentId(1));
    assertThat(ring.isSharedBy(new AgentId(1))).isFalse();
    assertThat(ZoneRing.of(List.of(agent(1), agent(2)), ZONE, "").isSharedBy(new AgentId(1)))
        .isTrue();
    assertThat(ZoneRing.of(List.of(agent(1), agent(2)), ZONE, "").isSharedBy(new AgentId(3)))
        .isFalse();
  }
}
