package io.weft.agent.fetch;

import io.weft.model.PartitionId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The partitions that are watched, least recently fetched first, bounded. Guarded by the tail
/// index's lock.
final class WatchedPartitions {
  /// How far the search for a partition to give up goes: those that are waited for are passed over.
  private static final int GIVE_UP_SCAN_MAX = 64;

  private final int countMax;
  private final LinkedHashMap<PartitionId, WatchedPartition> partitions = new LinkedHashMap<>();

  WatchedPartitions(int countMax) {
    this.countMax = countMax;
  }

  /// What has to be told to the feed, in this order.
  record Change(List<PartitionId> ended, List<PartitionId> begun) {}

  int count() {
    return partitions.size();
  }

  Optional<WatchedPartition> find(PartitionId id) {
    return Optional.ofNullable(partitions.get(id));
  }

  List<PartitionId> ids() {
    return List.copyOf(partitions.sequencedKeySet());
  }

  Collection<WatchedPartition> all() {
    return partitions.sequencedValues();
  }

  Optional<WatchedPartition> remove(PartitionId id) {
    return Optional.ofNullable(partitions.remove(id));
  }

  /// Notes that these are fetched now.
  ///
  /// @return whether all of them are watched
  boolean touch(Collection<PartitionId> fetched) {
    boolean all = true;
    for (PartitionId id : fetched) {
      WatchedPartition partition = partitions.get(id);
      if (partition == null) {
        all = false;
      } else {
        partitions.putLast(id, partition);
      }
    }
    return all;
  }

  /// Adds those that are new, and gives up the least recently fetched ones for them. Where there is
  /// nothing left to give up, the rest stays unwatched: its fetches ask the control plane.
  Change admit(Collection<PartitionId> fetched) {
    Change change = new Change(new ArrayList<>(), new ArrayList<>());
    Set<PartitionId> wanted = new HashSet<>(fetched);
    for (PartitionId id : fetched) {
      if (partitions.containsKey(id)) {
        continue;
      }
      if (partitions.size() >= countMax) {
        Optional<PartitionId> oldest = oldestIdle().filter(idle -> !wanted.contains(idle));
        if (oldest.isEmpty()) {
          break;
        }
        partitions.remove(oldest.get());
        change.ended().add(oldest.get());
      }
      partitions.put(id, new WatchedPartition());
      change.begun().add(id);
    }
    return change;
  }

  private Optional<PartitionId> oldestIdle() {
    Iterator<Map.Entry<PartitionId, WatchedPartition>> oldest = partitions.entrySet().iterator();
    for (int i = 0; i < GIVE_UP_SCAN_MAX && oldest.hasNext(); i++) {
      Map.Entry<PartitionId, WatchedPartition> entry = oldest.next();
      if (!entry.getValue().isAwaited()) {
        return Optional.of(entry.getKey());
      }
    }
    return Optional.empty();
  }
}
