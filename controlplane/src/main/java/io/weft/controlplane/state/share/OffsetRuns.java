package io.weft.controlplane.state.share;

import io.weft.model.Invariant;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/// The offsets from a start up to, not including, an end, each with its [DeliveryState]; neighbours
/// alike are one run. Owned by one thread.
final class OffsetRuns {
  private final TreeMap<Long, Run> runs = new TreeMap<>();
  private long start;
  private long end;
  private long unfinished;
  private long locked;

  OffsetRuns(long start) {
    this.start = start;
    this.end = start;
  }

  record Run(long first, long last, DeliveryState state) {
    long count() {
      return last - first + 1;
    }

    private Run with(DeliveryState other) {
      return new Run(first, last, other);
    }
  }

  long start() {
    return start;
  }

  long end() {
    return end;
  }

  /// Offsets that are not finished.
  long unfinished() {
    return unfinished;
  }

  boolean anyLocked() {
    return locked > 0;
  }

  boolean isEmpty() {
    return start == end;
  }

  /// In offset order. A view: not to be kept over a change.
  Collection<Run> all() {
    return runs.values();
  }

  /// Those that have offsets from this one on. A view: not to be kept over a change.
  Collection<Run> from(long offset) {
    Long first = runs.floorKey(offset);
    return (first == null ? runs : runs.tailMap(first)).values();
  }

  /// Adds offsets nobody has had yet; no effect if they are there.
  void extendTo(long newEnd) {
    if (newEnd > end) {
      long first = end;
      put(new Run(first, newEnd - 1, new DeliveryState.Free(0)));
      end = newEnd;
      mergeAt(first);
    }
  }

  /// Gives offsets that are there another delivery state.
  void change(long first, long last, UnaryOperator<DeliveryState> how) {
    Invariant.check(first >= start && last < end && first <= last, "no such offsets: %d", first);
    splitAt(first);
    splitAt(last + 1);
    for (Map.Entry<Long, Run> each : runs.subMap(first, true, last, true).entrySet()) {
      Run before = each.getValue();
      Run after = before.with(how.apply(before.state));
      count(before, -1);
      count(after, 1);
      each.setValue(after);
    }
    Long at = first;
    while (at != null && at <= last + 1) {
      Long next = runs.higherKey(at);
      mergeAt(at);
      at = next;
    }
  }

  /// Leaves out what is before an offset.
  void startAt(long newStart) {
    if (newStart >= end) {
      runs.clear();
      unfinished = 0;
      locked = 0;
      end = newStart;
    } else if (newStart > start) {
      splitAt(newStart);
      while (runs.firstKey() < newStart) {
        count(runs.pollFirstEntry().getValue(), -1);
      }
    }
    start = Math.max(start, newStart);
  }

  /// Leaves out what is finished at the beginning.
  void leaveOutFinished() {
    if (!runs.isEmpty() && runs.firstEntry().getValue().state instanceof DeliveryState.Finished) {
      start = runs.pollFirstEntry().getValue().last + 1;
    }
  }

  private void splitAt(long offset) {
    Map.Entry<Long, Run> floor = runs.floorEntry(offset);
    if (floor != null && floor.getKey() < offset && floor.getValue().last >= offset) {
      Run whole = floor.getValue();
      runs.put(whole.first, new Run(whole.first, offset - 1, whole.state));
      runs.put(offset, new Run(offset, whole.last, whole.state));
    }
  }

  /// Makes the run that begins here one with the run before it, if they are alike.
  private void mergeAt(long first) {
    Run run = runs.get(first);
    Map.Entry<Long, Run> before = runs.lowerEntry(first);
    if (run != null && before != null && before.getValue().state.equals(run.state)) {
      runs.remove(first);
      runs.put(before.getKey(), new Run(before.getKey(), run.last, run.state));
    }
  }

  private void put(Run run) {
    runs.put(run.first, run);
    count(run, 1);
  }

  private void count(Run run, int sign) {
    if (!(run.state instanceof DeliveryState.Finished)) {
      unfinished += sign * run.count();
    }
    if (run.state instanceof DeliveryState.Locked) {
      locked += sign * run.count();
    }
  }
}
