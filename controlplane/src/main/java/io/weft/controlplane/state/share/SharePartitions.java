package io.weft.controlplane.state.share;

import io.weft.controlplane.api.ShareGroups;
import io.weft.controlplane.codec.MalformedBytesException;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.codec.shape.Shape;
import io.weft.controlplane.codec.shape.Shapes;
import io.weft.model.Invariant;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// All share-partitions: what is known of each. Owned by one thread.
///
/// Snapshot: `groups:count (group:string partitions:count (topicId partition sharePartition)*)*`,
/// all in order.
final class SharePartitions {
  private static final Shape<PartitionId> PARTITION = Shapes.unlimited().of(PartitionId.class);

  private final TreeMap<String, TreeMap<PartitionId, SharePartition>> groups = new TreeMap<>();
  private int count;

  /// By group and partition, each in order. To be read only.
  Map<String, ? extends Map<PartitionId, SharePartition>> all() {
    return groups;
  }

  /// Whether a group may begin these partitions too.
  boolean hasRoom(String group, List<PartitionId> partitions) {
    long fresh = partitions.stream().filter(id -> find(group, id).isEmpty()).distinct().count();
    return count + fresh <= ShareGroups.SHARE_PARTITIONS_MAX;
  }

  void replay(ShareChange change) {
    switch (change) {
      case ShareChange.Begun begun -> {
        for (PartitionId id : begun.partitions()) {
          put(begun.group(), id, new SharePartition(begun.stateEpoch(), begun.startOffset()));
        }
      }
      case ShareChange.Started started ->
          there(started.group(), started.partition()).startAt(started.startOffset());
      case ShareChange.Settled settled ->
          there(settled.group(), settled.partition()).replay(settled.runs());
      case ShareChange.Ended ended ->
          ended.partitions().forEach(partition -> remove(ended.group(), partition));
    }
  }

  /// The topic is no more, and so are its share-partitions.
  void forget(TopicId topic) {
    PartitionId first = new PartitionId(topic, 0);
    PartitionId last = new PartitionId(topic, Integer.MAX_VALUE);
    groups
        .values()
        .forEach(
            partitions -> {
              Map<PartitionId, SharePartition> gone = partitions.subMap(first, true, last, true);
              count -= gone.size();
              gone.clear();
            });
    groups.values().removeIf(TreeMap::isEmpty);
  }

  void write(WireWriter out) {
    out.writeVarInt(groups.size());
    groups.forEach(
        (group, partitions) -> {
          out.writeString(group);
          out.writeVarInt(partitions.size());
          partitions.forEach(
              (id, share) -> {
                PARTITION.write(id, out);
                share.write(out);
              });
        });
  }

  void read(WireReader in) {
    int groupCount = in.readCount(2);
    for (int i = 0; i < groupCount; i++) {
      String group = in.readString();
      int partitionCount = in.readCount(19);
      for (int j = 0; j < partitionCount; j++) {
        PartitionId id = PARTITION.read(in);
        if (find(group, id).isPresent()) {
          throw new MalformedBytesException("a share-partition twice");
        }
        put(group, id, SharePartition.read(in));
      }
    }
  }

  Optional<SharePartition> find(String group, PartitionId id) {
    TreeMap<PartitionId, SharePartition> partitions = groups.get(group);
    return partitions == null ? Optional.empty() : Optional.ofNullable(partitions.get(id));
  }

  private SharePartition there(String group, PartitionId id) {
    Optional<SharePartition> share = find(group, id);
    Invariant.check(share.isPresent(), "a change of no share-partition");
    return share.get();
  }

  private void put(String group, PartitionId id, SharePartition share) {
    SharePartition before = groups.computeIfAbsent(group, _ -> new TreeMap<>()).put(id, share);
    count += before == null ? 1 : 0;
  }

  private void remove(String group, PartitionId id) {
    TreeMap<PartitionId, SharePartition> partitions = groups.get(group);
    if (partitions != null && partitions.remove(id) != null) {
      count--;
      if (partitions.isEmpty()) {
        groups.remove(group);
      }
    }
  }
}
