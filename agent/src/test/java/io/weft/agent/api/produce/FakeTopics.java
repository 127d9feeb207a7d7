package io.weft.agent.api.produce;

import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.Membership.Agent;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.model.TopicId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A catalog that a test changes behind the agent's back. Thread-safe as far as it is read.
final class FakeTopics implements TopicCatalog {
  private volatile Catalog catalog = new Catalog(1, "cluster", 1, List.of(), List.of());
  private volatile boolean away;

  void add(TopicId id, String name, int partitions, Map<String, String> settings) {
    List<Topic> topics = new ArrayList<>(catalog.topics());
    topics.add(new Topic(id, name, partitions, (short) 1, 1, settings));
    catalog = new Catalog(catalog.version() + 1, "cluster", 1, topics, catalog.agents());
  }

  void add(Agent agent) {
    List<Agent> agents = new ArrayList<>(catalog.agents());
    agents.add(agent);
    catalog =
        new Catalog(
            catalog.version() + 1,
            "cluster",
            catalog.membershipEpoch() + 1,
            catalog.topics(),
            agents);
  }

  /// Calls from now on get no answer.
  void goAway() {
    away = true;
  }

  @Override
  public Page page(Position known) {
    if (away) {
      throw new ControlPlaneException.Unavailable("away", null);
    }
    return Page.of(catalog, known);
  }

  @Override
  public CreateOutcome create(NewTopic topic) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean delete(TopicId topic) {
    throw new UnsupportedOperationException();
  }

  @Override
  public GrowOutcome grow(TopicId topic, int partitions) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<DeleteOutcome> deleteRecords(List<RecordsBefore> deletions) {
    throw new UnsupportedOperationException();
  }

  @Override
  public ConfigureOutcome configure(
      TopicId topic, long expectedVersion, Map<String, String> settings) {
    throw new UnsupportedOperationException();
  }
}
