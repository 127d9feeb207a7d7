package io.weft.agent.catalog;

import io.weft.controlplane.api.Membership.Agent;
import io.weft.controlplane.api.Membership.Profile;
import io.weft.controlplane.api.Membership.Role;
import io.weft.controlplane.api.TopicCatalog.Catalog;
import io.weft.controlplane.api.TopicCatalog.Topic;
import io.weft.controlplane.api.topic.TopicSettings;
import io.weft.model.ListenerName;
import io.weft.model.TopicId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// One version of the catalog, indexed. Immutable, thread-safe.
public final class CatalogSnapshot {
  private final Catalog catalog;
  private final Profile own;
  private final Supplier<Optional<Agent>> self;
  private final ListenerView listeners;
  private final Map<String, Topic> byName;
  private final Map<TopicId, Topic> byId;

  /// Of the topics that have any of their own.
  private final Map<TopicId, TopicSettings> settings = new HashMap<>();

  private CatalogSnapshot(
      Catalog catalog,
      Profile own,
      Supplier<Optional<Agent>> self,
      Optional<CatalogSnapshot> before) {
    this.catalog = catalog;
    this.own = own;
    this.self = self;
    this.listeners = new ListenerView(catalog.agents(), self);
    this.byName = HashMap.newHashMap(catalog.topics().size());
    this.byId = HashMap.newHashMap(catalog.topics().size());
    for (Topic topic : catalog.topics()) {
      byName.put(topic.name(), topic);
      byId.put(topic.id(), topic);
      if (!topic.settings().isEmpty()) {
        settings.put(
            topic.id(),
            before
                .flatMap(known -> known.settingsOfVersion(topic))
                .orElseGet(() -> TopicSettings.of(topic.settings())));
      }
    }
  }

  public static CatalogSnapshot of(Catalog catalog) {
    return of(catalog, Profile.STANDARD);
  }

  /// @param own what the agent that reads it is for
  public static CatalogSnapshot of(Catalog catalog, Profile own) {
    return of(catalog, own, Optional::empty);
  }

  /// @param own what the agent that reads it is for
  /// @param self that agent, with all its listeners; empty while it is not registered
  static CatalogSnapshot of(Catalog catalog, Profile own, Supplier<Optional<Agent>> self) {
    return new CatalogSnapshot(catalog, own, self, Optional.empty());
  }

  /// A newer one, in which only settings that have changed are parsed.
  CatalogSnapshot followedBy(Catalog newer) {
    return new CatalogSnapshot(newer, own, self, Optional.of(this));
  }

  private Optional<TopicSettings> settingsOfVersion(Topic topic) {
    Topic known = byId.get(topic.id());
    return known != null && known.settingsVersion() == topic.settingsVersion()
        ? Optional.of(settings(known))
        : Optional.empty();
  }

  public long version() {
    return catalog.version();
  }

  public String clusterId() {
    return catalog.clusterId();
  }

  /// Serves as the leader epoch of every partition, in every zone: it rises when agents come, go or
  /// change. Which agent a client is shown as a leader follows from the agents of this epoch, from
  /// what the client says of itself and from the listener it comes in by, so another leader always
  /// comes with a higher epoch. (But for a client that is told of the agent alone that it asks, see
  /// [ListenerView]: another leader means that it has asked another agent, after a new start.)
  public int membershipEpoch() {
    return catalog.membershipEpoch();
  }

  /// By name order.
  public List<Topic> topics() {
    return catalog.topics();
  }

  public Optional<Topic> topic(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  public Optional<Topic> topic(TopicId id) {
    return Optional.ofNullable(byId.get(id));
  }

  /// The settings a topic of this catalog has, in effect.
  public TopicSettings settings(Topic topic) {
    return settings.getOrDefault(topic.id(), TopicSettings.DEFAULTS);
  }

  /// Live ones, by id order, each with its main listener's host and port.
  public List<Agent> agents() {
    return catalog.agents();
  }

  /// Live ones that clients reach by this listener, by id order, each with that one's host and
  /// port. The same for every agent that is asked and has the listener.
  public List<Agent> agentsOn(ListenerName listener) {
    return listeners.agentsOn(listener);
  }

  /// The agent that reads this, with all its listeners; empty while it is not registered.
  public Optional<Agent> self() {
    return self.get();
  }

  /// The agents that a client is sent to: those of its group with the role it names, and of those
  /// the ones of its zone, or all while its zone has none; of no others than those that it reaches
  /// by the listener it comes in by. For a client that names no role they do both, produce and
  /// consume, or one of the two while no agent does both.
  public List<Agent> agentsFor(ClientRoute route) {
    List<Agent> able = agentsThat(route.listener(), route.isMetBy(own.group()));
    if (route.role().isEmpty()) {
      List<Agent> both = able.stream().filter(CatalogSnapshot::doesBoth).toList();
      able = both.isEmpty() ? able : both;
    }
    List<Agent> near = able.stream().filter(agent -> agent.zone().equals(route.zone())).toList();
    return near.isEmpty() ? able : near;
  }

  /// The agents of a client's group, in all zones and whatever they do.
  public List<Agent> agentsOfGroup(ClientRoute route) {
    String group = route.group().orElse(own.group());
    return agentsThat(route.listener(), profile -> profile.group().equals(group));
  }

  /// Whether the agent that reads this has the role. While no agent is known by what it is for, the
  /// cluster is of the first level, and every agent has all roles.
  public boolean isOwnRole(Role role) {
    return own.roles().contains(role)
        || agents().stream().allMatch(agent -> agent.profile().isEmpty());
  }

  private List<Agent> agentsThat(ListenerName listener, Predicate<Profile> meet) {
    return agentsOn(listener).stream()
        .filter(agent -> agent.profile().isEmpty() || meet.test(agent.profile().get()))
        .toList();
  }

  private static boolean doesBoth(Agent agent) {
    return agent
        .profile()
        .map(Profile::roles)
        .filter(roles -> !roles.contains(Role.PRODUCE) || !roles.contains(Role.CONSUME))
        .isEmpty();
  }
}
