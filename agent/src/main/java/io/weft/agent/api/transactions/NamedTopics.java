package io.weft.agent.api.transactions;

import io.weft.agent.catalog.CatalogSnapshot;
import io.weft.agent.catalog.LiveCatalog;
import io.weft.controlplane.api.TopicCatalog.Topic;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import java.util.Optional;

/// One request's view of the topics: the copy at hand, and one newer than the request as soon as
/// something is not in that. Owned by the thread that handles the request.
final class NamedTopics {
  private final LiveCatalog catalog;
  private CatalogSnapshot snapshot;
  private boolean asked;

  /// @throws io.weft.controlplane.api.ControlPlaneException if the control plane cannot be asked
  NamedTopics(LiveCatalog catalog) {
    this.catalog = catalog;
    this.snapshot = catalog.current();
  }

  /// @throws io.weft.controlplane.api.ControlPlaneException if the control plane cannot be asked
  Optional<PartitionId> partition(String topic, int partition) {
    Optional<PartitionId> known = known(topic, partition);
    if (known.isPresent() || asked) {
      return known;
    }
    snapshot = catalog.fresh();
    asked = true;
    return known(topic, partition);
  }

  /// The name of a topic; empty if it is not there.
  Optional<String> name(TopicId topic) {
    Optional<Topic> known = snapshot.topic(topic);
    if (known.isEmpty() && !asked) {
      snapshot = catalog.fresh();
      asked = true;
      known = snapshot.topic(topic);
    }
    return known.map(Topic::name);
  }

  private Optional<PartitionId> known(String name, int partition) {
    return snapshot
        .topic(name)
        .filter(topic -> partition >= 0 && partition < topic.partitions())
        .map(topic -> new PartitionId(topic.id(), partition));
  }
}
