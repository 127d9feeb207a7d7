package io.weft.controlplane.state.catalog;

import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.state.agent.Agents;
import io.weft.controlplane.state.log.PartitionLogs;
import io.weft.controlplane.state.part.ChangeListener;
import io.weft.controlplane.state.part.CurrentStep;
import io.weft.controlplane.state.part.StatePart;
import io.weft.controlplane.state.part.StateRecord;
import io.weft.controlplane.state.topic.TopicRecord;
import io.weft.controlplane.state.topic.Topics;
import io.weft.model.TopicId;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// The topics and agents as agents read them, and as they are changed. It stands behind all parts
/// that know of topics: a listener that hears that the catalog has changed has heard everything
/// else. Owned by one thread.
public final class CatalogDesk implements StatePart, TopicCatalog {
  private final CurrentStep step;
  private final Topics topics;
  private final TopicDeletion deletion;
  private final Agents agents;
  private final PartitionLogs logs;
  private final Supplier<String> clusterId;
  private final CatalogChanges changed = new CatalogChanges();

  public CatalogDesk(
      CurrentStep step,
      Topics topics,
      TopicDeletion deletion,
      Agents agents,
      PartitionLogs logs,
      Supplier<String> clusterId) {
    this.step = step;
    this.topics = topics;
    this.deletion = deletion;
    this.agents = agents;
    this.logs = logs;
    this.clusterId = clusterId;
  }

  /// Rises whenever topics, their settings or the agents change.
  public long version() {
    return changed.version();
  }

  /// The version of a snapshot that is read: what happened before it is not known.
  public void beginAt(long snapshotVersion) {
    changed.beginAt(snapshotVersion);
  }

  /// All topics and agents.
  public Catalog all() {
    return new Catalog(version(), clusterId.get(), agents.epoch(), topics.list(), agents.list());
  }

  @Override
  public Page page(Position known) {
    return changed.after(
        known,
        new CatalogChanges.Now(clusterId.get(), topics.byName(), topics.byId(), agents.members()));
  }

  @Override
  public CreateOutcome create(NewTopic topic) {
    return step.make(topics.decideCreate(topic));
  }

  @Override
  public boolean delete(TopicId topic) {
    return deletion.delete(topic);
  }

  @Override
  public GrowOutcome grow(TopicId topic, int partitions) {
    return step.make(topics.decideGrow(topic, partitions));
  }

  @Override
  public ConfigureOutcome configure(
      TopicId topic, long expectedVersion, Map<String, String> settings) {
    return step.make(topics.decideConfigure(topic, expectedVersion, settings));
  }

  @Override
  public List<DeleteOutcome> deleteRecords(List<RecordsBefore> deletions) {
    if (deletions.size() > DELETIONS_MAX) {
      throw new ControlPlaneException.Rejected(
          "%d partitions to delete records of; %d are possible"
              .formatted(deletions.size(), DELETIONS_MAX));
    }
    return deletions.stream().map(logs::deleteRecords).toList();
  }

  @Override
  public void replay(StateRecord record, ChangeListener changes) {
    changes.catalogChanged(
        record instanceof TopicRecord topic ? changed.note(topic.changed()) : changed.note());
  }
}
