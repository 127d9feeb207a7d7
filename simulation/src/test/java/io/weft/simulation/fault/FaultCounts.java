package io.weft.simulation.fault;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// How often each fault has happened. Not thread-safe: one world's, or merged by one thread.
public final class FaultCounts {
  private final Map<Fault, Long> counts = new EnumMap<>(Fault.class);

  public void count(Fault fault) {
    counts.merge(fault, 1L, Long::sum);
  }

  public long of(Fault fault) {
    return counts.getOrDefault(fault, 0L);
  }

  public void addAll(FaultCounts others) {
    others.counts.forEach((fault, count) -> counts.merge(fault, count, Long::sum));
  }

  public long total() {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  public List<Fault> never() {
    return Stream.of(Fault.values()).filter(fault -> of(fault) == 0).toList();
  }

  @Override
  public String toString() {
    return counts.toString();
  }
}
