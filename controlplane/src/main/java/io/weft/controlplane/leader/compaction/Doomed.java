package io.weft.controlplane.leader.compaction;

import io.weft.controlplane.api.topic.TopicSettings;
import io.weft.controlplane.state.log.PartitionLogs;
import io.weft.controlplane.state.partition.PartitionLog;
import io.weft.model.TopicId;
import java.util.Optional;

/// What retention will delete before merging it pays. Stateless.
final class Doomed {
  /// Of a partition whose bytes are limited, this part of the limit will go soon.
  private static final int SOON_OF_BYTES = 16;

  /// Spans that are found doomed by their bytes, at most.
  private static final int BY_BYTES_MAX = 10_000;

  private Doomed() {}

  /// @param paysMs what goes within this time is not worth merging
  /// @return how many spans at the front of a log
  static int spans(PartitionLogs logs, TopicId topic, PartitionLog log, long nowMs, long paysMs) {
    Optional<TopicSettings> found = logs.settings(topic).filter(TopicSettings::expiring);
    if (found.isEmpty()) {
      return 0;
    }
    TopicSettings settings = found.get();
    long ageMs = settings.retentionMs() - paysMs;
    int byTime =
        settings.retentionMs() >= 0 && nowMs > ageMs
            ? log.olderThan(nowMs - Math.max(0, ageMs))
            : 0;
    long bytes = settings.retentionBytes();
    int byBytes = bytes >= 0 ? log.beyond(bytes - bytes / SOON_OF_BYTES, BY_BYTES_MAX) : 0;
    return Math.max(byTime, byBytes);
  }
}
