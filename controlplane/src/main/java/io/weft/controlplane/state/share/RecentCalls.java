package io.weft.controlplane.state.share;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The answers of the latest calls, for members that ask again because the answer was lost. Owned
/// by one thread.
final class RecentCalls<R> {
  private final LinkedHashMap<Long, Answer<R>> answers = new LinkedHashMap<>();
  private final int weightMax;
  private long weight;

  private record Answer<R>(R reply, int weight) {}

  /// @param weightMax of all answers together; the latest is kept in any case
  RecentCalls(int weightMax) {
    this.weightMax = weightMax;
  }

  Optional<R> find(long callId) {
    return Optional.ofNullable(answers.get(callId)).map(Answer::reply);
  }

  /// @param replyWeight how much it takes to remember it, at least 1
  R put(long callId, R reply, int replyWeight) {
    answers.put(callId, new Answer<>(reply, replyWeight));
    weight += replyWeight;
    while (weight > weightMax && answers.size() > 1) {
      Map.Entry<Long, Answer<R>> oldest = answers.pollFirstEntry();
      weight -= oldest.getValue().weight;
    }
    return reply;
  }
}
