package io.weft.controlplane.state;

import io.weft.controlplane.api.UploadedBatches;
import io.weft.controlplane.api.UploadedFile;
import io.weft.model.AgentId;
import io.weft.model.Extent;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/// The rules of commits over simple maps, to compare the real state with.
final class NaiveCluster {
  final Map<PartitionId, NaiveLog> logs = new TreeMap<>();

  /// The logs deleted last, of which the next of the same place knows what they knew.
  private final Map<PartitionId, NaiveLog> deleted = new TreeMap<>();

  /// The logs of deleted topics that can come back.
  private final Map<PartitionId, NaiveLog> kept = new TreeMap<>();

  /// Ids that may be committed still, or were and are remembered, and the agents that they belong
  /// to.
  private final Map<Long, AgentId> open = new TreeMap<>();

  private final Map<Long, List<String>> outcomes = new TreeMap<>();

  /// Every file ever committed.
  final TreeSet<Long> files = new TreeSet<>();

  void lease(AgentId agent, long first, int count) {
    for (int i = 0; i < count; i++) {
      open.put(first + i, agent);
    }
  }

  void expire(long first, int count) {
    for (int i = 0; i < count; i++) {
      open.remove(first + i);
      outcomes.remove(first + i);
    }
  }

  void create(TopicId topic, int from, int to, boolean givesTime) {
    for (int i = from; i < to; i++) {
      NaiveLog log = new NaiveLog();
      log.givesTime = givesTime;
      PartitionId partition = new PartitionId(topic, i);
      if (deleted.containsKey(partition)) {
        log.follow(deleted.get(partition));
      }
      logs.put(partition, log);
    }
  }

  void delete(TopicId topic) {
    logs.forEach(
        (partition, log) -> {
          if (partition.topic().equals(topic)) {
            deleted.put(partition, log);
          }
        });
    logs.keySet().removeIf(partition -> partition.topic().equals(topic));
  }

  /// Deletes a topic that can come back.
  void retire(TopicId topic) {
    logs.forEach(
        (partition, log) -> {
          if (partition.topic().equals(topic)) {
            kept.put(partition, log);
          }
        });
    delete(topic);
  }

  void restore(TopicId topic) {
    kept.forEach(
        (partition, log) -> {
          if (partition.topic().equals(topic)) {
            logs.put(partition, log);
          }
        });
    letGo(topic);
  }

  void letGo(TopicId topic) {
    kept.keySet().removeIf(partition -> partition.topic().equals(topic));
  }

  void expireProducers(long unusedSinceMs) {
    logs.values().forEach(log -> log.expireProducers(unusedSinceMs));
    deleted.values().forEach(log -> log.expireProducers(unusedSinceMs));
  }

  List<String> commit(AgentId agent, long settledBelow, UploadedFile file, long nowMs) {
    if (!agent.equals(open.get(file.fileId()))) {
      return List.of("Expired");
    }
    if (outcomes.containsKey(file.fileId())) {
      return outcomes.get(file.fileId());
    }
    List<String> told = new ArrayList<>();
    long position = file.firstPosition();
    for (UploadedBatches run : file.partitions()) {
      NaiveLog log = logs.get(run.partition());
      if (log == null) {
        told.addAll(Collections.nCopies(run.count(), "UNKNOWN_PARTITION@-1"));
      } else {
        told.addAll(log.commit(run, file.fileId(), position, nowMs));
      }
      for (int length : run.lengths()) {
        position += length;
      }
    }
    open.entrySet().removeIf(id -> id.getKey() < settledBelow && id.getValue().equals(agent));
    outcomes.keySet().removeIf(id -> !open.containsKey(id));
    outcomes.put(file.fileId(), told);
    files.add(file.fileId());
    return told;
  }

  List<Extent> extentsOf(long fileId) {
    return Stream.concat(logs.values().stream(), kept.values().stream())
        .flatMap(log -> log.extents.stream())
        .filter(extent -> extent.fileId() == fileId)
        .toList();
  }
}
