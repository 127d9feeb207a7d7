package io.weft.agent.api.fetch;

import io.weft.agent.catalog.CatalogSnapshot;
import io.weft.agent.catalog.LiveCatalog;
import io.weft.controlplane.api.ControlPlaneException;
import io.weft.controlplane.api.TopicCatalog.Topic;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.Errors;

/// One request's view of the catalog: the copy at hand, and one newer than the request as soon as
/// something is not in that. Owned by the thread that handles the request.
public final class TopicLookup {
  private final LiveCatalog catalog;
  private CatalogSnapshot snapshot;
  private boolean asked;
  private boolean outage;

  public TopicLookup(LiveCatalog catalog) {
    this.catalog = catalog;
    try {
      snapshot = catalog.current();
    } catch (ControlPlaneException away) {
      snapshot = catalog.known();
      asked = true;
      outage = true;
    }
  }

  public Optional<Topic> topic(String name) {
    return find(known -> known.topic(name));
  }

  public Optional<Topic> topic(Uuid id) {
    TopicId topicId = new TopicId(id.getMostSignificantBits(), id.getLeastSignificantBits());
    return find(known -> known.topic(topicId));
  }

  /// The partition, if the topic has as many.
  public Optional<PartitionId> partition(Topic topic, int partition) {
    return find(
        known ->
            known
                .topic(topic.id())
                .filter(newest -> partition >= 0 && partition < newest.partitions())
                .map(newest -> new PartitionId(newest.id(), partition)));
  }

  /// The copy at hand.
  CatalogSnapshot catalog() {
    return snapshot;
  }

  /// Whether a leader epoch a client names (-1: none) is one there has been.
  public boolean epochIsKnown(int leaderEpoch) {
    return holds(known -> leaderEpoch <= known.membershipEpoch());
  }

  /// What to say of something that was not found: that it is not there, or, while nobody can be
  /// asked, something that is tried again.
  public Errors absent(Errors error, Errors whileAway) {
    return outage ? whileAway : error;
  }

  private boolean holds(Predicate<CatalogSnapshot> question) {
    return question.test(snapshot) || (refresh() && question.test(snapshot));
  }

  private <T> Optional<T> find(Function<CatalogSnapshot, Optional<T>> question) {
    Optional<T> found = question.apply(snapshot);
    return found.isEmpty() && refresh() ? question.apply(snapshot) : found;
  }

  /// @return whether the snapshot is another one now
  private boolean refresh() {
    if (asked) {
      return false;
    }
    asked = true;
    try {
      snapshot = catalog.fresh();
      return true;
    } catch (ControlPlaneException away) {
      outage = true;
      return false;
    }
  }
}
