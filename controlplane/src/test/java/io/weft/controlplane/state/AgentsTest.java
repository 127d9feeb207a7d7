package io.weft.controlplane.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weft.controlplane.api.CatalogCopy;
import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.Membership;
import io.weft.controlplane.api.Membership.Address;
import io.weft.controlplane.api.Membership.Advertised;
import io.weft.controlplane.api.Membership.NeighbourKey;
import io.weft.controlplane.api.Membership.Profile;
import io.weft.controlplane.api.Membership.Registered;
import io.weft.controlplane.api.Membership.Role;
import io.weft.controlplane.api.Producers;
import io.weft.controlplane.api.Producers.ProducerIds;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.TopicCatalog.Catalog;
import io.weft.controlplane.api.admin.Releases;
import io.weft.controlplane.state.agent.AgentRecord;
import io.weft.controlplane.state.agent.Agents;
import io.weft.controlplane.state.agent.NeighbourKeys;
import io.weft.model.AgentId;
import io.weft.model.ListenerName;
import io.weft.model.OpaqueBytes;
import io.weft.model.Zone;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Which agents are members, and the producer ids that they give out.
final class AgentsTest {
  private final TestCluster cluster = new TestCluster();

  private Registered register(long instance, String host) {
    UUID id = new UUID(1, instance);
    return cluster.as(Membership.class).register(id, new Zone("z"), host, 9092);
  }

  private Catalog catalog() {
    return CatalogCopy.whole(at -> cluster.as(TopicCatalog.class).page(at));
  }

  @Test
  void anAgentIsListedWithItsAddress() {
    Registered registered = register(1, "h");

    assertThat(registered.clusterId()).isEqualTo("cluster");
    assertThat(registered.leaseMs()).isEqualTo(Agents.REGISTRATION_LEASE_MS);
    assertThat(catalog().agents())
        .containsExactly(new Membership.Agent(registered.id(), new Zone("z"), "h", 9092));
  }

  @Test
  void theSameInstanceKeepsItsId() {
    AgentId id = register(1, "h").id();
    int records = cluster.records.size();

    assertThat(register(1, "h").id()).isEqualTo(id);
    assertThat(cluster.records).hasSize(records);
  }

  @Test
  void theSameInstanceElsewhereMoves() {
    AgentId id = register(1, "h").id();

    assertThat(register(1, "elsewhere").id()).isEqualTo(id);
    assertThat(catalog().agents()).hasSize(1);
    assertThat(catalog().agents().get(0).host()).isEqualTo("elsewhere");
  }

  @Test
  void idsRiseFromZero() {
    assertThat(register(1, "h").id()).isEqualTo(new AgentId(0));
    assertThat(register(2, "h").id()).isEqualTo(new AgentId(1));
  }

  /// As journals of old have it.
  @Test
  void aClusterWhoseIdsBeganAtOneGoesOnCounting() {
    cluster.state.replay(
        new AgentRecord.AgentRegistered(new AgentId(1), new UUID(1, 1), new Zone("z"), "h", 9_092),
        cluster);

    assertThat(register(1, "h").id()).isEqualTo(new AgentId(1));
    assertThat(register(2, "h").id()).isEqualTo(new AgentId(2));
  }

  @Test
  void idsAreNeverUsedAgain() {
    AgentId first = register(1, "h").id();
    cluster.as(Membership.class).leave(first);

    assertThat(register(1, "h").id()).isGreaterThan(first);
  }

  @Test
  void whoLeftIsUnknown() {
    AgentId id = register(1, "h").id();
    assertThat(cluster.as(Membership.class).renew(id)).isTrue();
    cluster.as(Membership.class).leave(id);

    assertThat(cluster.as(Membership.class).renew(id)).isFalse();
    assertThat(cluster.state.agents().ids()).isEmpty();
  }

  @Test
  void whoIsExpiredIsUnknown() {
    AgentId id = register(1, "h").id();
    AgentId other = register(2, "h").id();
    cluster.in().agents().leave(id);

    assertThat(cluster.state.agents().ids()).containsExactly(other);
  }

  @Test
  void renewingIsNoRecordAndLeavingTwiceNeither() {
    AgentId id = register(1, "h").id();
    cluster.as(Membership.class).leave(id);
    int records = cluster.records.size();
    cluster.as(Membership.class).renew(id);
    cluster.as(Membership.class).leave(id);
    cluster.in().agents().leave(id);

    assertThat(cluster.records).hasSize(records);
  }

  @Test
  void theMembershipEpochRisesWithEachComingAndGoing() {
    int before = catalog().membershipEpoch();
    AgentId id = register(1, "h").id();
    cluster.topic("t", 1);
    assertThat(catalog().membershipEpoch()).isEqualTo(before + 1);
    cluster.as(Membership.class).leave(id);

    assertThat(catalog().membershipEpoch()).isEqualTo(before + 2);
  }

  private Optional<Profile> profileOf(AgentId id) {
    return catalog().agents().stream()
        .filter(agent -> agent.id().equals(id))
        .findFirst()
        .orElseThrow()
        .profile();
  }

  private AgentId describe(long instance, Profile profile) {
    return cluster
        .as(Membership.class)
        .register(
            new UUID(1, instance), Zone.NONE, "h", 9_092, Optional.empty(), Optional.of(profile))
        .id();
  }

  @Test
  void whatAnAgentIsForIsKeptOnceTheSecondLevelIsFinal() {
    Profile profile = new Profile("backfills", EnumSet.of(Role.CONSUME));
    AgentId id = describe(1, profile);
    int records = cluster.records.size();
    assertThat(describe(1, profile)).isEqualTo(id);
    assertThat(cluster.records).hasSize(records);
    assertThat(profileOf(id)).isEmpty();
    assertThat(TestCluster.restored(cluster.snapshot()).agents().list())
        .isEqualTo(catalog().agents());

    cluster.as(Releases.class).finish(2);
    assertThat(profileOf(id)).isEmpty();
    int before = catalog().membershipEpoch();
    assertThat(describe(1, profile)).isEqualTo(id);
    assertThat(profileOf(id)).contains(profile);
    assertThat(catalog().membershipEpoch()).isEqualTo(before + 1);
    describe(1, profile);
    register(2, "of the first level");
    assertThat(catalog().membershipEpoch()).isEqualTo(before + 2);
    assertThat(TestCluster.restored(cluster.snapshot()).agents().list())
        .isEqualTo(catalog().agents());

    describe(1, Profile.STANDARD);
    assertThat(profileOf(id)).contains(Profile.STANDARD);
    cluster.as(Membership.class).leave(id);
    assertThat(profileOf(describe(3, profile))).contains(profile);
    assertThat(TestCluster.restored(cluster.snapshot()).agents().list())
        .isEqualTo(catalog().agents());
  }

  private static Advertised at(String listener, String host, int port) {
    return new Advertised(new ListenerName(listener), host, port);
  }

  private AgentId listen(long instance, Advertised... listeners) {
    return cluster
        .as(Membership.class)
        .register(
            new UUID(1, instance),
            Zone.NONE,
            "h",
            9_092,
            Optional.empty(),
            Optional.empty(),
            List.of(listeners))
        .id();
  }

  private List<Advertised> listenersOf(AgentId id) {
    return catalog().agents().stream()
        .filter(agent -> agent.id().equals(id))
        .findFirst()
        .orElseThrow()
        .advertised();
  }

  @Test
  void listenersAreToldOnceTheSecondLevelIsFinal() {
    Advertised plain = at("PLAINTEXT", "h", 9_092);
    Advertised internal = at("INTERNAL", "h", 9_092);
    Advertised external = at("EXTERNAL", "lb", 19_093);
    AgentId id = listen(1, internal, external);
    int records = cluster.records.size();
    listen(1, internal, external);
    assertThat(cluster.records).hasSize(records);
    assertThat(listenersOf(id)).containsExactly(plain);

    cluster.as(Releases.class).finish(2);
    int epoch = catalog().membershipEpoch();
    assertThat(listen(1, internal, external)).isEqualTo(id);
    listen(1, internal, external);
    assertThat(listenersOf(id)).containsExactly(internal, external);
    assertThat(catalog().membershipEpoch()).isEqualTo(epoch + 1);
    assertThat(listenersOf(register(2, "older").id()))
        .containsExactly(at("PLAINTEXT", "older", 9_092));
    assertThat(TestCluster.restored(cluster.snapshot()).agents().list())
        .isEqualTo(catalog().agents());

    listen(1, external);
    assertThat(listenersOf(id)).containsExactly(external);
    listen(1);
    assertThat(listenersOf(id)).containsExactly(plain);
    assertThat(TestCluster.restored(cluster.snapshot()).agents().list())
        .isEqualTo(catalog().agents());
    listen(1, internal);
    cluster.as(Membership.class).leave(id);
    assertThat(listenersOf(listen(3, external))).containsExactly(external);
    assertThat(TestCluster.restored(cluster.snapshot()).agents().list())
        .isEqualTo(catalog().agents());
  }

  @Test
  void listenersOfOneNameOrWithoutAHostAreRefused() {
    assertThatThrownBy(() -> listen(1, at("A", "h", 1), at("B", "h", 2), at("A", "h", 3)))
        .isInstanceOf(ControlPlaneException.Rejected.class)
        .hasMessageContaining("two listeners of one name");
    assertThatThrownBy(() -> listen(1, at("A", "", 1)))
        .isInstanceOf(ControlPlaneException.Rejected.class);
    assertThatThrownBy(() -> listen(1, at("A", "h", 65_536)))
        .isInstanceOf(ControlPlaneException.Rejected.class);
  }

  private List<Integer> keysOf(Registered registered) {
    return registered.neighbourKeys().stream().map(NeighbourKey::number).toList();
  }

  @Test
  void keysOfNeighboursAreMadeOneAfterTheOtherAndTheLastThreeAreTold() {
    Optional<Address> reached = Optional.of(new Address("h", 9_093));
    cluster.in().neighbourKeys().renew(byte[]::new);
    assertThat(keysOf(registerReached(reached))).isEmpty();

    cluster.as(Releases.class).finish(2);
    assertThat(keysOf(registerReached(reached))).isEmpty();
    for (int i = 0; i < 4; i++) {
      byte secret = (byte) i;
      cluster.in().neighbourKeys().renew(length -> new byte[] {secret});
      cluster.in().neighbourKeys().renew(length -> new byte[] {99});
      cluster.nowMs += NeighbourKeys.KEY_MS_MAX;
    }
    Registered told = registerReached(reached);
    assertThat(told.neighbourKeys())
        .containsExactly(
            new NeighbourKey(2, OpaqueBytes.of(new byte[] {1})),
            new NeighbourKey(3, OpaqueBytes.of(new byte[] {2})),
            new NeighbourKey(4, OpaqueBytes.of(new byte[] {3})));
    assertThat(TestCluster.restored(cluster.snapshot()).neighbourKeys().valid())
        .isEqualTo(told.neighbourKeys());
    assertThat(keysOf(registerReached(Optional.empty()))).isEmpty();
  }

  private Registered registerReached(Optional<Address> reached) {
    return registerReached(reached, Optional.empty());
  }

  private Registered registerReached(Optional<Address> reached, Optional<Profile> profile) {
    return cluster
        .as(Membership.class)
        .register(new UUID(1, 1), new Zone("z"), "h", 9092, reached, profile);
  }

  @Test
  void whereNeighboursReachAnAgentIsToldOnceLevelTwoIsFinal() {
    Optional<Address> reached = Optional.of(new Address("h", 9093));
    registerReached(reached);
    assertThat(catalog().agents().getFirst().neighbours()).isEmpty();
    int before = cluster.records.size();

    cluster.as(Releases.class).finish(2);
    int epoch = catalog().membershipEpoch();
    registerReached(reached);
    registerReached(reached);
    assertThat(catalog().agents().getFirst().neighbours()).isEqualTo(reached);
    assertThat(catalog().membershipEpoch()).isEqualTo(epoch + 1);
    assertThat(cluster.records).hasSize(before + 2);
    ControlPlaneState restored = TestCluster.restored(cluster.snapshot());
    assertThat(restored.agents().list()).isEqualTo(cluster.state.agents().list());

    registerReached(Optional.empty());
    assertThat(catalog().agents().getFirst().neighbours()).isEmpty();
  }

  @Test
  void whatAnAgentSaysOfItselfIsKeptTogether() {
    cluster.as(Releases.class).finish(2);
    Optional<Address> reached = Optional.of(new Address("h", 9093));
    Optional<Profile> profile = Optional.of(new Profile("batch", EnumSet.of(Role.JOBS)));
    registerReached(reached, profile);

    Membership.Agent agent = catalog().agents().getFirst();
    assertThat(agent.neighbours()).isEqualTo(reached);
    assertThat(agent.profile()).isEqualTo(profile);
    assertThat(TestCluster.restored(cluster.snapshot()).agents().list()).containsExactly(agent);
  }

  @Test
  void anAgentThatLeftIsNotReachedUnderItsAddress() {
    cluster.as(Releases.class).finish(2);
    Registered left = registerReached(Optional.of(new Address("h", 9093)));
    cluster.as(Membership.class).leave(left.id());
    register(1, "h");

    assertThat(catalog().agents().getFirst().neighbours()).isEmpty();
    assertThat(TestCluster.restored(cluster.snapshot()).agents().list()).hasSize(1);
  }

  @Test
  void impossibleAddressesOfNeighboursAreRejected() {
    assertThatThrownBy(() -> registerReached(Optional.of(new Address("", 1))))
        .isInstanceOf(ControlPlaneException.Rejected.class);
    assertThatThrownBy(() -> registerReached(Optional.of(new Address("h", 65_536))))
        .isInstanceOf(ControlPlaneException.Rejected.class);
  }

  @Test
  void membersHaveALimit() {
    for (int i = 0; i < Membership.AGENTS_MAX; i++) {
      register(i, "h");
    }

    assertThatThrownBy(() -> register(-1, "h")).isInstanceOf(ControlPlaneException.Rejected.class);
    assertThat(register(5, "h").id()).isEqualTo(new AgentId(5));
  }

  @Test
  void impossibleAddressesAreRejected() {
    assertThatThrownBy(() -> register(1, "")).isInstanceOf(ControlPlaneException.Rejected.class);
    assertThatThrownBy(() -> register(1, "x".repeat(256)))
        .isInstanceOf(ControlPlaneException.Rejected.class);
  }

  @Test
  void producerIdsRiseFromOne() {
    AgentId id = register(1, "h").id();

    assertThat(cluster.as(Producers.class).leaseIds(id, 10_000))
        .isEqualTo(new ProducerIds(1, 10_000));
    assertThat(cluster.as(Producers.class).leaseIds(id, 3)).isEqualTo(new ProducerIds(10_001, 3));
    assertThatThrownBy(() -> cluster.as(Producers.class).leaseIds(id, 10_001))
        .isInstanceOf(ControlPlaneException.Rejected.class);
    assertThatThrownBy(() -> cluster.as(Producers.class).leaseIds(id, 0))
        .isInstanceOf(ControlPlaneException.Rejected.class);
  }
}
