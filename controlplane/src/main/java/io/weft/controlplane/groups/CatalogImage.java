package io.weft.controlplane.groups;

import io.weft.controlplane.api.TopicCatalog.NewTopic;
import io.weft.controlplane.api.TopicCatalog.Topic;
import io.weft.controlplane.groups.work.SeenTopics;
import io.weft.controlplane.state.part.StateRecord;
import io.weft.controlplane.state.topic.TopicRecord.TopicCreated;
import io.weft.controlplane.state.topic.TopicRecord.TopicDeleted;
import io.weft.controlplane.state.topic.TopicRecord.TopicGrown;
import io.weft.controlplane.state.topic.TopicRecord.TopicRestored;
import io.weft.controlplane.state.topic.TopicRecord.TopicRetired;
import io.weft.model.TopicId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.coordinator.common.runtime.CoordinatorMetadataDelta;
import org.apache.kafka.coordinator.common.runtime.CoordinatorMetadataImage;
import org.apache.kafka.coordinator.group.GroupCoordinatorShard.DeletedTopic;

/// The topics as the coordinator knows them, and what has changed since it was told last. Owned by
/// the leader thread; a task beside it sees the topics of when it began ([SeenTopics]), and nothing
/// else.
///
/// No partition has racks: its bytes are as near from every zone, so no consumer is a better choice
/// for it than another; and agents that come and go are no reason to assign anew.
final class CatalogImage implements CoordinatorMetadataImage {
  private final Map<String, KnownTopic> byName = new TreeMap<>();
  private final Map<Uuid, KnownTopic> byId = new HashMap<>();
  private long version;
  private Optional<Change> change = Optional.empty();

  /// A topic.
  record KnownTopic(String name, Uuid id, int partitionCount) implements TopicMetadata {
    /// None; the caller owns the list, and sorts it.
    @Override
    public List<String> partitionRacks(int partition) {
      return new ArrayList<>();
    }

    boolean hasPartition(int partition) {
      return partition >= 0 && partition < partitionCount;
    }
  }

  /// @param version of the catalog, which rises from term to term
  CatalogImage(long version, List<Topic> topics) {
    this.version = version;
    topics.forEach(
        topic -> put(new KnownTopic(topic.name(), uuid(topic.id()), topic.partitions())));
  }

  /// What changed between two calls. Immutable once it is handed out.
  static final class Change implements CoordinatorMetadataDelta {
    /// Of what was there before, all that anybody asks for.
    private final CatalogImage gone = new CatalogImage(0, List.of());

    private final Set<Uuid> created = new LinkedHashSet<>();
    private final Set<Uuid> grown = new LinkedHashSet<>();
    private final Set<Uuid> deleted = new LinkedHashSet<>();
    private final List<DeletedTopic> deletedTopics = new ArrayList<>();

    private Change() {}

    List<DeletedTopic> deletedTopics() {
      return deletedTopics;
    }

    @Override
    public Collection<Uuid> createdTopicIds() {
      return created;
    }

    @Override
    public Collection<Uuid> changedTopicIds() {
      Set<Uuid> changed = new LinkedHashSet<>(created);
      changed.addAll(grown);
      return changed;
    }

    @Override
    public Set<Uuid> deletedTopicIds() {
      return deleted;
    }

    @Override
    public CoordinatorMetadataImage image() {
      return gone;
    }
  }

  /// Takes note of a record of a turn, whatever it is about.
  void heed(StateRecord record) {
    if (record instanceof TopicCreated(NewTopic topic)) {
      create(new KnownTopic(topic.name(), uuid(topic.id()), topic.partitions()));
    } else if (record instanceof TopicRestored(TopicId id, String name, int partitions)) {
      create(new KnownTopic(name, uuid(id), partitions));
    } else if (record instanceof TopicGrown(TopicId id, int partitions)) {
      KnownTopic known = new KnownTopic(byId.get(uuid(id)).name(), uuid(id), partitions);
      put(known);
      change().grown.add(known.id());
    } else if (record instanceof TopicDeleted(TopicId id)) {
      delete(uuid(id));
    } else if (record instanceof TopicRetired retired) {
      delete(uuid(retired.topic()));
    }
  }

  private void create(KnownTopic known) {
    put(known);
    change().created.add(known.id());
  }

  private void delete(Uuid id) {
    KnownTopic gone = byId.remove(id);
    byName.remove(gone.name());
    change().created.remove(gone.id());
    change().grown.remove(gone.id());
    change().deleted.add(gone.id());
    change().gone.put(gone);
    change().deletedTopics.add(new DeletedTopic(gone.id(), gone.name()));
  }

  boolean hasChanged() {
    return change.isPresent();
  }

  /// What has changed since the last call.
  ///
  /// @param catalogVersion with which it is so
  Change takeChange(long catalogVersion) {
    version = catalogVersion;
    Change taken = change();
    change = Optional.empty();
    return taken;
  }

  Optional<KnownTopic> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  Optional<KnownTopic> find(Uuid id) {
    return Optional.ofNullable(byId.get(id));
  }

  static Uuid uuid(TopicId id) {
    return new Uuid(id.high(), id.low());
  }

  @Override
  public Set<Uuid> topicIds() {
    return Collections.unmodifiableSet(byId.keySet());
  }

  @Override
  public Set<String> topicNames() {
    return SeenTopics.bound()
        .map(SeenTopics::names)
        .orElseGet(() -> Collections.unmodifiableSet(byName.keySet()));
  }

  @Override
  public Optional<TopicMetadata> topicMetadata(String topicName) {
    return Optional.ofNullable(byName.get(topicName));
  }

  @Override
  public Optional<TopicMetadata> topicMetadata(Uuid topicId) {
    return Optional.ofNullable(byId.get(topicId));
  }

  @Override
  public CoordinatorMetadataDelta emptyDelta() {
    return new Change();
  }

  @Override
  public long version() {
    return SeenTopics.bound().map(SeenTopics::version).orElse(version);
  }

  @Override
  public boolean isEmpty() {
    return byId.isEmpty();
  }

  private Change change() {
    if (change.isEmpty()) {
      change = Optional.of(new Change());
    }
    return change.get();
  }

  private void put(KnownTopic topic) {
    byName.put(topic.name(), topic);
    byId.put(topic.id(), topic);
  }
}
