package io.weft.agent.api.fetch;

import io.weft.agent.api.fetch.FetchPart.PartKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FetchMetadata;
import org.apache.kafka.common.requests.FetchResponse;

/// What one client's incremental fetches leave out (KIP-227): the partitions it reads, where it is
/// in each, and what it was told last. Guarded by the lock of [FetchSessions].
final class FetchSession {
  private final int id;
  private final boolean usesTopicIds;
  private final long createdMs;

  /// In the order in which they are served: a partition that gave records goes to the end.
  private final LinkedHashMap<PartKey, Told> parts = new LinkedHashMap<>();

  /// The names that topic ids had when they were last resolved.
  private final Map<Uuid, String> names = new HashMap<>();

  private int epoch = FetchMetadata.nextEpoch(FetchMetadata.INITIAL_EPOCH);
  private long usedMs;

  /// @param highWatermark as the client was told, -1 to make sure that it is told again
  private record Told(FetchPart part, long highWatermark, long logStartOffset) {}

  FetchSession(int id, boolean usesTopicIds, long nowMs) {
    this.id = id;
    this.usesTopicIds = usesTopicIds;
    this.createdMs = nowMs;
    this.usedMs = nowMs;
  }

  int id() {
    return id;
  }

  int epoch() {
    return epoch;
  }

  boolean usesTopicIds() {
    return usesTopicIds;
  }

  long createdMs() {
    return createdMs;
  }

  long usedMs() {
    return usedMs;
  }

  int size() {
    return parts.size();
  }

  List<FetchPart> parts() {
    return parts.values().stream().map(Told::part).toList();
  }

  Optional<String> nameOf(Uuid topicId) {
    return Optional.ofNullable(names.get(topicId));
  }

  /// Takes over a full fetch that has been answered.
  void begin(Collection<FetchPart> fetched, Map<PartKey, PartitionData> answers) {
    for (FetchPart part : fetched) {
      PartitionData answer = answers.get(part.key());
      parts.put(part.key(), new Told(part, answer.highWatermark(), answer.logStartOffset()));
    }
  }

  /// Takes over what an incremental fetch changes.
  void update(Collection<FetchPart> changed, Collection<PartKey> forgotten) {
    for (FetchPart part : changed) {
      parts.merge(
          part.key(),
          new Told(part, -1, -1),
          (before, now) -> new Told(part, before.highWatermark, before.logStartOffset));
    }
    if (!forgotten.isEmpty()) {
      forgotten.forEach(parts::remove);
      Set<Uuid> left = parts.keySet().stream().map(PartKey::topicId).collect(Collectors.toSet());
      names.keySet().retainAll(left);
    }
  }

  void advance(long nowMs) {
    usedMs = nowMs;
    epoch = FetchMetadata.nextEpoch(epoch);
  }

  void remember(Map<Uuid, String> resolved) {
    names.putAll(resolved);
  }

  /// Keeps of an answer what the client does not know yet.
  ///
  /// @return the keys to answer, in the order of `answers`
  List<PartKey> news(Map<PartKey, PartitionData> answers) {
    List<PartKey> news = new ArrayList<>();
    answers.forEach(
        (key, answer) -> {
          Told told = parts.get(key);
          if (told == null) {
            return; // forgotten meanwhile, by a request that should not have been
          }
          boolean failed = answer.errorCode() != Errors.NONE.code();
          boolean hasRecords = FetchResponse.recordsSize(answer) > 0;
          if (failed
              || hasRecords
              || FetchResponse.isPreferredReplica(answer)
              || told.highWatermark != answer.highWatermark()
              || told.logStartOffset != answer.logStartOffset()) {
            news.add(key);
          }
          // After an error the client is told again, even if nothing else has changed.
          long highWatermark = failed ? -1 : answer.highWatermark();
          Told now = new Told(told.part, highWatermark, answer.logStartOffset());
          if (hasRecords) {
            parts.putLast(key, now);
          } else {
            parts.put(key, now);
          }
        });
    return news;
  }
}
