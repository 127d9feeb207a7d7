package io.weft.agent.catalog;

import io.weft.controlplane.api.Membership.Agent;
import io.weft.controlplane.api.TopicCatalog.Catalog;
import io.weft.controlplane.api.TopicCatalog.Topic;
import io.weft.controlplane.api.topic.TopicSettings;
import io.weft.model.TopicId;
import io.weft.model.Zone;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One version of the catalog, indexed. Immutable, thread-safe.
public final class CatalogSnapshot {
  private final Catalog catalog;
  private final Map<String, Topic> byName;
  private final Map<TopicId, Topic> byId;

  /// Of the topics that have any of their own.
  private final Map<TopicId, TopicSettings> settings = new HashMap<>();

  private CatalogSnapshot(Catalog catalog, Optional<CatalogSnapshot> before) {
    this.catalog = catalog;
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
    return new CatalogSnapshot(catalog, Optional.empty());
  }

  /// A newer one, in which only settings that have changed are parsed.
  CatalogSnapshot followedBy(Catalog newer) {
    return new CatalogSnapshot(newer, Optional.of(this));
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

  /// Serves as the leader epoch of every partition: it rises when agents come or go.
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

  /// Live ones, by id order.
  public List<Agent> agents() {
    return catalog.agents();
  }

  /// The agents a client of this zone is sent to: those of its zone, or all where there is none.
  public List<Agent> agentsFor(Zone zone) {
    List<Agent> near = agents().stream().filter(agent -> agent.zone().equals(zone)).toList();
    return near.isEmpty() ? agents() : near;
  }
}
