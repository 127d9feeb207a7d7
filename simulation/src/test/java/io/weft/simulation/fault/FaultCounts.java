package io.weft.simulation.fault;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// How often each fault has happened, and what came of it. Not thread-safe: one world's, or merged
/// by one thread.
public final class FaultCounts {
  private final Map<Fault, Long> counts = new EnumMap<>(Fault.class);
  private final Map<Sight, Long> sights = new EnumMap<>(Sight.class);
  private final Map<String, Long> cutOff = new TreeMap<>();

  public void count(Fault fault) {
    counts.merge(fault, 1L, Long::sum);
  }

  public void count(Sight sight) {
    sights.merge(sight, 1L, Long::sum);
  }

  /// Counts what a process had in its hands when it was killed.
  public void countCutOff(String what) {
    cutOff.merge(what, 1L, Long::sum);
  }

  public boolean wasCutOff(String what) {
    return cutOff.containsKey(what);
  }

  public long of(Fault fault) {
    return counts.getOrDefault(fault, 0L);
  }

  public void addAll(FaultCounts others) {
    others.counts.forEach((fault, count) -> counts.merge(fault, count, Long::sum));
    others.sights.forEach((sight, count) -> sights.merge(sight, count, Long::sum));
    others.cutOff.forEach((what, count) -> cutOff.merge(what, count, Long::sum));
  }

  public long total() {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  public List<Fault> never() {
    return Stream.of(Fault.values()).filter(fault -> of(fault) == 0).toList();
  }

  public List<Sight> neverSeen() {
    return Stream.of(Sight.values()).filter(sight -> !sights.containsKey(sight)).toList();
  }

  @Override
  public String toString() {
    return "%s, seen %s, cut off by deaths %s".formatted(counts, sights, cutOff);
  }
}
