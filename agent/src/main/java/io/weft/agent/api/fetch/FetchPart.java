package io.weft.agent.api.fetch;

import org.apache.kafka.common.Uuid;

/// What a client's fetch says of one partition.
///
/// @param leaderEpoch the newest the client knows, or -1
record FetchPart(PartKey key, long offset, int bytesMax, int leaderEpoch) {
  /// A partition as the client names it: from Fetch v13 on by the topic's id, before by its name.
  /// The other one is empty.
  record PartKey(Uuid topicId, String topic, int partition) {
    static PartKey of(boolean byId, Uuid topicId, String topic, int partition) {
      return byId
          ? new PartKey(topicId, "", partition)
          : new PartKey(Uuid.ZERO_UUID, topic, partition);
    }
  }
}
