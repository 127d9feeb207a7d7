package io.weft.controlplane.state.log;

import io.weft.controlplane.api.topic.TopicSettings;
import io.weft.controlplane.state.partition.PartitionLog;
import java.util.Arrays;
import java.util.Map;

/// One topic's logs and those of its settings that take effect. Owned by one thread.
final class TopicLogs {
  final String name;
  PartitionLog[] logs;
  TopicSettings settings;

  TopicLogs(String name, int partitions, Map<String, String> own) {
    this.name = name;
    this.logs = new PartitionLog[0];
    grow(partitions);
    configure(own);
  }

  void grow(int partitions) {
    int before = logs.length;
    logs = Arrays.copyOf(logs, partitions);
    for (int i = before; i < partitions; i++) {
      logs[i] = new PartitionLog();
    }
  }

  void configure(Map<String, String> own) {
    settings = TopicSettings.of(own);
  }
}
