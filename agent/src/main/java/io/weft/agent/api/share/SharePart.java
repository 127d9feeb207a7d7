package io.weft.agent.api.share;

import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import org.apache.kafka.common.Uuid;

/// A partition as a member names it, whether there is one or not.
record SharePart(Uuid topicId, int partition) {
  /// @throws IllegalArgumentException if no partition can have this number
  PartitionId id() {
    return new PartitionId(
        new TopicId(topicId.getMostSignificantBits(), topicId.getLeastSignificantBits()),
        partition);
  }
}
