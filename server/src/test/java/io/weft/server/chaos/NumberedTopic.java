package io.weft.server.chaos;

import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;

/// A topic and how many partitions it has.
record NumberedTopic(String name, int partitions) {
  /// What a history calls a partition.
  String key(int partition) {
    return name + "-" + partition;
  }

  List<TopicPartition> all() {
    return IntStream.range(0, partitions).mapToObj(i -> new TopicPartition(name, i)).toList();
  }
}
