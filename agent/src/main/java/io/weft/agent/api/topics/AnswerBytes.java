package io.weft.agent.api.topics;

import io.weft.controlplane.api.TopicCatalog.Topic;
import java.util.Collection;

/// What answers about topics take while they are built, estimated rather too high than too low:
/// their objects, which are several times what goes out.
final class AnswerBytes {
  private static final int TOPIC = 512;
  private static final int PARTITION = 320;

  /// A node id in a list of replicas.
  private static final int REPLICA = 24;

  private AnswerBytes() {}

  static long of(Collection<Topic> topics) {
    long bytes = 0;
    for (Topic topic : topics) {
      bytes += TOPIC + (long) topic.partitions() * ofPartition(topic.replicationFactor());
    }
    return bytes;
  }

  /// Of topics that are not there.
  static long ofMissing(int topics) {
    return (long) topics * TOPIC;
  }

  static long ofPartitions(int partitions) {
    return (long) partitions * PARTITION;
  }

  private static int ofPartition(int replicas) {
    return PARTITION + replicas * REPLICA;
  }
}
