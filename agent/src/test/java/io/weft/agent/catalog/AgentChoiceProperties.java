package io.weft.agent.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.api.Membership.Agent;
import io.weft.controlplane.api.Membership.Profile;
import io.weft.controlplane.api.Membership.Role;
import io.weft.controlplane.api.TopicCatalog.Catalog;
import io.weft.model.AgentId;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import io.weft.model.Zone;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Which agent a client of a zone is sent to: an agent of that zone while there is one, the same
/// one for the same partition, evenly, and with few moves when agents come and go.
class AgentChoiceProperties {
  private static final int PARTITIONS = 20_000;
  private static final long SEED = new Random().nextLong();
  private static final Zone A = new Zone("a");
  private static final Zone B = new Zone("b");
  private static final ClientRoute OF_A = ClientRoute.of("weft_az=a");

  private final Random random = new Random(SEED);

  @BeforeAll
  static void printSeed() {
    System.out.println("AgentChoiceProperties: seed " + SEED);
  }

  private static Agent agent(int id, Zone zone) {
    return new Agent(new AgentId(id), zone, "host", 9092);
  }

  private static Agent agent(int id, Zone zone, String group, Role... roles) {
    Profile profile = new Profile(group, EnumSet.copyOf(List.of(roles)));
    return new Agent(new AgentId(id), zone, "host", 9092, Optional.empty(), Optional.of(profile));
  }

  private static CatalogSnapshot catalog(List<Agent> agents) {
    return catalog(agents, Profile.STANDARD);
  }

  private static CatalogSnapshot catalog(List<Agent> agents, Profile own) {
    List<Agent> byId =
        agents.stream().sorted(Comparator.comparingInt(agent -> agent.id().value())).toList();
    return CatalogSnapshot.of(new Catalog(1, "cluster", 1, List.of(), byId), own);
  }

  /// Agents of zone a by chance, and as many of zone b.
  private List<Agent> agentsOfA(int count) {
    List<Agent> agents = new ArrayList<>();
    int id = random.nextInt(1_000);
    for (int i = 0; i < count; i++) {
      agents.add(agent(id, A));
      agents.add(agent(id + 1, B));
      id += 2 + random.nextInt(50);
    }
    return agents;
  }

  private List<PartitionId> partitions() {
    List<PartitionId> partitions = new ArrayList<>();
    TopicId topic = new TopicId(random.nextLong(), random.nextLong());
    for (int i = 0; i < PARTITIONS; i++) {
      if (i % 100 == 0) {
        topic = new TopicId(random.nextLong(), random.nextLong());
      }
      partitions.add(new PartitionId(topic, i % 100));
    }
    return partitions;
  }

  private static Agent chosen(PartitionId partition, List<Agent> agents) {
    List<Agent> near = catalog(agents).agentsFor(OF_A);
    return near.get(LeaderChoice.leaderIndex(partition, near));
  }

  private static List<Agent> chosen(List<PartitionId> partitions, List<Agent> agents) {
    List<Agent> near = catalog(agents).agentsFor(OF_A);
    return partitions.stream().map(id -> near.get(LeaderChoice.leaderIndex(id, near))).toList();
  }

  @Test
  void theAgentsOfAZoneHaveTenPercentMoreOrLessThanTheirShare() {
    for (int count = 1; count <= 6; count++) {
      Map<AgentId, Integer> led = new HashMap<>();
      for (Agent agent : chosen(partitions(), agentsOfA(count))) {
        assertThat(agent.zone()).isEqualTo(A);
        led.merge(agent.id(), 1, Integer::sum);
      }
      int share = PARTITIONS / count;
      assertThat(led).hasSize(count);
      assertThat(led.values()).allMatch(each -> each > share * 0.9 && each < share * 1.1);
    }
  }

  @Test
  void oneThatComesTakesOnlyItsShareAndOneThatGoesGivesOnlyItsOwn() {
    for (int count = 1; count <= 6; count++) {
      List<PartitionId> partitions = partitions();
      List<Agent> before = agentsOfA(count);
      Agent added = agent(100_000, A);
      List<Agent> after = new ArrayList<>(before);
      after.add(added);
      List<Agent> then = chosen(partitions, before);
      List<Agent> now = chosen(partitions, after);
      int moved = 0;
      for (int i = 0; i < partitions.size(); i++) {
        if (!now.get(i).equals(then.get(i))) {
          assertThat(now.get(i)).isEqualTo(added);
          moved++;
        }
      }
      assertThat(moved).isLessThan((int) (1.1 * PARTITIONS / (count + 1)));
    }
  }

  @Test
  void whatHappensInAnotherZoneMovesNothing() {
    List<PartitionId> partitions = partitions();
    List<Agent> agents = agentsOfA(4);
    List<Agent> before = chosen(partitions, agents);
    agents.removeIf(agent -> agent.zone().equals(B) && random.nextBoolean());
    agents.add(agent(100_000, B));
    assertThat(chosen(partitions, agents)).isEqualTo(before);
  }

  @Test
  void anotherZoneServesWhileThereIsNoAgentAndNoLonger() {
    List<PartitionId> partitions = partitions().subList(0, 200);
    List<Agent> agents = agentsOfA(3);
    List<Agent> before = chosen(partitions, agents);
    List<Agent> onlyB = agents.stream().filter(agent -> agent.zone().equals(B)).toList();
    assertThat(chosen(partitions, onlyB)).allMatch(agent -> agent.zone().equals(B));
    List<Agent> oneBack = new ArrayList<>(onlyB);
    oneBack.add(agent(100_000, A));
    assertThat(chosen(partitions, oneBack)).allMatch(agent -> agent.zone().equals(A));
    assertThat(chosen(partitions, agents)).isEqualTo(before);
  }

  @Test
  void theOrderInWhichAgentsAreKnownDoesNotMatter() {
    List<Agent> agents = agentsOfA(5);
    PartitionId partition = partitions().getFirst();
    Agent before = chosen(partition, agents);
    Collections.shuffle(agents, random);
    assertThat(chosen(partition, agents)).isEqualTo(before);
  }

  @Test
  void onlyAgentsOfTheGroupAndWithTheRoleAreNamed() {
    Agent both = agent(1, A, "", Role.PRODUCE, Role.CONSUME);
    Agent producesInB = agent(2, B, "", Role.PRODUCE);
    Agent consumes = agent(3, A, "", Role.CONSUME);
    Agent jobs = agent(4, A, "", Role.JOBS);
    Agent elsewhere = agent(5, A, "batch", Role.PRODUCE, Role.CONSUME);
    List<Agent> agents = List.of(both, producesInB, consumes, jobs, elsewhere);

    assertThat(sentTo("weft_az=a", agents)).containsExactly(both);
    assertThat(sentTo("weft_az=a,weft_role=produce", agents)).containsExactly(both);
    assertThat(sentTo("weft_az=a,weft_role=consume", agents)).containsExactly(both, consumes);
    assertThat(sentTo("weft_az=b,weft_role=produce", agents)).containsExactly(producesInB);
    assertThat(sentTo("weft_agent_group=batch", agents)).containsExactly(elsewhere);
    assertThat(sentTo("weft_agent_group=nowhere", agents)).isEmpty();
    assertThat(catalog(agents, new Profile("batch", EnumSet.of(Role.CONSUME))).agentsFor(OF_A))
        .containsExactly(elsewhere);
    List<Agent> apart = List.of(producesInB, consumes, jobs);
    assertThat(sentTo("app", apart)).containsExactly(producesInB, consumes);
    assertThat(catalog(agents).agentsOfGroup(ClientRoute.ANYWHERE))
        .containsExactly(both, producesInB, consumes, jobs);
  }

  private static List<Agent> sentTo(String clientId, List<Agent> agents) {
    return catalog(agents).agentsFor(ClientRoute.of(clientId));
  }

  @Test
  void whileTheClusterIsOfTheFirstLevelEveryAgentIsForEverything() {
    Profile consumer = new Profile("batch", EnumSet.of(Role.CONSUME));
    List<Agent> first = List.of(agent(1, A), agent(2, B));
    assertThat(catalog(first, consumer).isOwnRole(Role.PRODUCE)).isTrue();
    assertThat(sentTo("weft_agent_group=x,weft_role=produce,weft_az=b", first))
        .containsExactly(first.get(1));
    List<Agent> second = List.of(agent(1, A, "batch", Role.CONSUME), agent(2, B));
    assertThat(catalog(second, consumer).isOwnRole(Role.PRODUCE)).isFalse();
    assertThat(catalog(second, consumer).isOwnRole(Role.CONSUME)).isTrue();
  }
}
