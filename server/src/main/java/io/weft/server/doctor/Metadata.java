package io.weft.server.doctor;

import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.TopicCatalog.Catalog;
import io.weft.controlplane.api.topic.DeletedTopics;
import io.weft.controlplane.api.topic.DeletedTopics.DeletedTopic;
import io.weft.controlplane.leader.inspect.FollowedState;
import io.weft.controlplane.state.ControlPlaneState;
import io.weft.controlplane.state.file.OutstandingLease;
import io.weft.controlplane.state.partition.PartitionLog;
import io.weft.model.Extent;
import io.weft.model.FileTier;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/// What the journal says of files, and will say a moment later: see [#advance]. Owned by one
/// thread.
///
/// Three things it says stay true for ever: that a file is an orphan, that it is queued or
/// unqueued. The others hold for the entry it stands at.
public final class Metadata {
  private final FollowedState followed;
  private Map.Entry<Long, NavigableMap<Long, OutstandingLease>> leases;

  public Metadata(FollowedState followed) {
    this.followed = followed;
    this.leases = Map.entry(followed.entry(), leasesNow());
  }

  /// Index of the journal's entry that it stands at.
  long entry() {
    return followed.entry();
  }

  /// Takes in what the journal has now.
  void advance() {
    followed.advance();
    if (leases.getKey() != followed.entry()) {
      leases = Map.entry(followed.entry(), leasesNow());
    }
  }

  /// All topics, and whose they are.
  Catalog catalog() {
    return state().as(TopicCatalog.class).read(-1).orElseThrow();
  }

  /// How many partitions each topic has: those that are there, and those that were deleted and are
  /// kept.
  Map<TopicId, Integer> partitions() {
    Map<TopicId, Integer> partitions = new TreeMap<>();
    catalog().topics().forEach(topic -> partitions.put(topic.id(), topic.partitions()));
    DeletedTopics deleted = state().as(DeletedTopics.class);
    List<DeletedTopic> page = deleted.list(Optional.empty());
    while (!page.isEmpty()) {
      page.forEach(topic -> partitions.put(topic.id(), topic.partitions()));
      page = deleted.list(Optional.of(page.getLast().id()));
    }
    return partitions;
  }

  /// The log of a partition, even if its topic was deleted, as long as that is kept.
  Optional<PartitionLog> log(PartitionId partition) {
    return state().logs().findKept(partition);
  }

  private ControlPlaneState state() {
    return followed.state();
  }

  public String clusterId() {
    return catalog().clusterId();
  }

  /// The kind that a file of this id is, if the object is good.
  ObjectKind standing(long fileId) {
    long extents = state().logs().files().liveExtents(fileId);
    if (extents > 0) {
      return ObjectKind.LIVE;
    }
    if (isQueued(fileId)) {
      return ObjectKind.QUEUED;
    }
    if (extents == 0) {
      return ObjectKind.UNQUEUED;
    }
    if (!wasLeased(fileId)) {
      return ObjectKind.UNLEASED;
    }
    return isLeased(fileId) ? ObjectKind.YOUNG : ObjectKind.ORPHAN;
  }

  /// Whether an id was leased to an agent at some time.
  boolean wasLeased(long fileId) {
    long number = FileTier.number(fileId);
    return number > 0 && number < followed.nextFileId();
  }

  /// Whether a log has this very extent.
  boolean holds(PartitionId partition, Extent extent) {
    return log(partition).filter(log -> log.holds(List.of(extent))).isPresent();
  }

  /// Whether the file waits for its deletion, or will in a moment: a committed file that no log
  /// needs any more is queued by the next look of the leader.
  private boolean isQueued(long fileId) {
    return state().logs().files().liveExtents(fileId) == 0 || state().collection().isQueued(fileId);
  }

  private boolean isLeased(long fileId) {
    Map.Entry<Long, OutstandingLease> lease = leases.getValue().floorEntry(fileId);
    return lease != null && fileId - lease.getKey() < lease.getValue().count();
  }

  private NavigableMap<Long, OutstandingLease> leasesNow() {
    NavigableMap<Long, OutstandingLease> byFirst = new TreeMap<>();
    state().leases().outstanding().forEach(each -> byFirst.put(each.firstFileId(), each));
    return byFirst;
  }
}
