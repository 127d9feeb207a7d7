package io.weft.controlplane.leader.compaction;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/// Files, or parts of them, that are not to be merged for a while. The first of too many are
/// forgotten. Owned by one thread.
final class LeftAlone<K> {
  /// What is remembered.
  private static final int ENTRIES_MAX = 10_000;

  private final Map<K, Long> untilMs = new LinkedHashMap<>();

  int count() {
    return untilMs.size();
  }

  boolean contains(K one) {
    return untilMs.containsKey(one);
  }

  boolean anyMatch(Predicate<K> wanted) {
    return untilMs.keySet().stream().anyMatch(wanted);
  }

  void add(K one, long until) {
    untilMs.remove(one);
    untilMs.put(one, until);
    if (untilMs.size() > ENTRIES_MAX) {
      untilMs.remove(untilMs.keySet().iterator().next());
    }
  }

  void expire(long nowMs) {
    untilMs.values().removeIf(until -> until <= nowMs);
  }
}
