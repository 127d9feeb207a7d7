package io.weft.controlplane.leader.compaction;

import java.util.LinkedHashMap;
import java.util.Map;

/// Files that are not to be merged for a while. The first of too many are forgotten. Owned by one
/// thread.
final class LeftAlone {
  /// Files that are remembered.
  private static final int FILES_MAX = 10_000;

  /// By file: until when.
  private final Map<Long, Long> untilMs = new LinkedHashMap<>();

  int count() {
    return untilMs.size();
  }

  boolean contains(long fileId) {
    return untilMs.containsKey(fileId);
  }

  void add(long fileId, long until) {
    untilMs.remove(fileId);
    untilMs.put(fileId, until);
    if (untilMs.size() > FILES_MAX) {
      untilMs.remove(untilMs.keySet().iterator().next());
    }
  }

  void expire(long nowMs) {
    untilMs.values().removeIf(until -> until <= nowMs);
  }
}
