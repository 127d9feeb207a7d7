package io.weft.agent.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.weft.controlplane.api.Membership.Advertised;
import io.weft.controlplane.api.Membership.Agent;
import io.weft.controlplane.api.Membership.Profile;
import io.weft.controlplane.api.Membership.Role;
import io.weft.controlplane.api.TopicCatalog.Catalog;
import io.weft.model.AgentId;
import io.weft.model.ListenerName;
import io.weft.model.Zone;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;

/// Which agents clients are sent to, and at which addresses, by the listener they come in by.
class ListenerViewTest {
  private static final ListenerName INTERNAL = new ListenerName("INTERNAL");
  private static final ListenerName EXTERNAL = new ListenerName("EXTERNAL");

  private static Agent plain(int id) {
    return new Agent(new AgentId(id), Zone.NONE, "plain-" + id, 9_092);
  }

  private static Agent named(int id, String zone, Profile profile, ListenerName... names) {
    List<Advertised> listeners =
        List.of(names).stream()
            .map(
                name ->
                    name.equals(EXTERNAL)
                        ? new Advertised(name, "lb", 19_000 + id)
                        : new Advertised(name, "agent-" + id, 9_092))
            .toList();
    Advertised main = Advertised.main(listeners);
    return new Agent(
        new AgentId(id),
        new Zone(zone),
        main.host(),
        main.port(),
        Optional.empty(),
        Optional.of(profile),
        listeners);
  }

  private static Agent named(int id, ListenerName... names) {
    return named(id, "", Profile.STANDARD, names);
  }

  /// As others know it before level 2 is final.
  private static Agent untold(Agent agent) {
    return new Agent(agent.id(), agent.zone(), agent.host(), agent.port());
  }

  private static CatalogSnapshot catalog(Agent self, Agent... agents) {
    return CatalogSnapshot.of(
        new Catalog(1, "cluster", 1, List.of(), List.of(agents)),
        Profile.STANDARD,
        () -> Optional.of(self));
  }

  private static List<Tuple> shown(List<Agent> agents) {
    return agents.stream()
        .map(agent -> tuple(agent.id().value(), agent.host(), agent.port()))
        .toList();
  }

  private static List<Tuple> on(ListenerName listener, CatalogSnapshot catalog) {
    return shown(catalog.agentsFor(ClientRoute.of("app", listener)));
  }

  @Test
  void clientsAreToldOfTheAgentsWithTheirListenerAtThatOnesAddresses() {
    Agent self = named(1, INTERNAL, EXTERNAL);
    CatalogSnapshot catalog =
        catalog(self, self, named(2, EXTERNAL, INTERNAL), named(3, INTERNAL), plain(4));

    assertThat(on(INTERNAL, catalog))
        .containsExactly(
            tuple(1, "agent-1", 9_092), tuple(2, "agent-2", 9_092), tuple(3, "agent-3", 9_092));
    assertThat(on(EXTERNAL, catalog))
        .containsExactly(tuple(1, "lb", 19_001), tuple(2, "lb", 19_002));
    assertThat(on(ListenerName.PLAINTEXT, catalog)).containsExactly(tuple(4, "plain-4", 9_092));
    assertThat(catalog.agents()).hasSize(4);
  }

  @Test
  void aListenerThatIsCalledPlaintextIsThatOfPlainAndOfOlderAgents() {
    Agent self = named(1, EXTERNAL, ListenerName.PLAINTEXT);
    assertThat(self.host()).isEqualTo("agent-1");
    CatalogSnapshot catalog = catalog(self, self, plain(2));

    assertThat(on(ListenerName.PLAINTEXT, catalog))
        .containsExactly(tuple(1, "agent-1", 9_092), tuple(2, "plain-2", 9_092));
    assertThat(on(EXTERNAL, catalog)).containsExactly(tuple(1, "lb", 19_001));
  }

  @Test
  void untilLevelTwoIsFinalTheMainListenerHasAllAgentsAndAnotherThisOneAlone() {
    Agent self = named(1, INTERNAL, EXTERNAL);
    CatalogSnapshot catalog =
        catalog(self, untold(self), untold(named(2, INTERNAL, EXTERNAL)), plain(3));

    assertThat(on(INTERNAL, catalog))
        .containsExactly(
            tuple(1, "agent-1", 9_092), tuple(2, "agent-2", 9_092), tuple(3, "plain-3", 9_092));
    assertThat(on(EXTERNAL, catalog)).containsExactly(tuple(1, "lb", 19_001));
  }

  @Test
  void aListenerThatNoAgentIsKnownByHasTheAskedOneAlone() {
    Agent self = named(1, EXTERNAL);
    CatalogSnapshot catalog = catalog(self, named(2, INTERNAL), plain(3));

    assertThat(on(EXTERNAL, catalog)).containsExactly(tuple(1, "lb", 19_001));
  }

  @Test
  void zonesRolesAndGroupsChooseAmongTheAgentsOfTheListener() {
    Profile consumes = new Profile("", EnumSet.of(Role.CONSUME));
    Profile batch = new Profile("batch", EnumSet.allOf(Role.class));
    Agent self = named(1, "a", Profile.STANDARD, INTERNAL, EXTERNAL);
    CatalogSnapshot catalog =
        catalog(
            self,
            self,
            named(2, "b", Profile.STANDARD, INTERNAL),
            named(3, "b", consumes, INTERNAL, EXTERNAL),
            named(4, "b", batch, EXTERNAL));

    assertThat(ids("weft_az=b", INTERNAL, catalog)).containsExactly(2);
    assertThat(ids("weft_az=b", EXTERNAL, catalog)).containsExactly(1);
    assertThat(ids("weft_az=b,weft_role=consume", EXTERNAL, catalog)).containsExactly(3);
    assertThat(ids("weft_agent_group=batch", EXTERNAL, catalog)).containsExactly(4);
    assertThat(ids("weft_agent_group=batch", INTERNAL, catalog)).isEmpty();
    assertThat(shown(catalog.agentsOfGroup(ClientRoute.of("app", EXTERNAL))))
        .containsExactly(tuple(1, "lb", 19_001), tuple(3, "lb", 19_003));
  }

  private static List<Integer> ids(
      String clientId, ListenerName listener, CatalogSnapshot catalog) {
    return catalog.agentsFor(ClientRoute.of(clientId, listener)).stream()
        .map(agent -> agent.id().value())
        .toList();
  }
}
