package io.weft.model;

/// One partition of one topic, by id: a name can be deleted and given again, an id cannot.
public record PartitionId(TopicId topic, int partition) implements Comparable<PartitionId> {
  public PartitionId {
    if (partition < 0) {
      throw new IllegalArgumentException("negative partition " + partition);
    }
  }

  @Override
  public int compareTo(PartitionId other) {
    int byTopic = topic.compareTo(other.topic);
    return byTopic != 0 ? byTopic : Integer.compare(partition, other.partition);
  }

  @Override
  public int hashCode() {
    return topic.hashCode() * 31 + partition;
  }

  @Override
  public String toString() {
    return topic + "-" + partition;
  }
}
