package io.weft.server.doctor;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// What was found so far, counted by kind. Owned by one thread.
final class Findings {
  /// Of each kind that is a fault, so many objects are named.
  static final int EXAMPLES_MAX = 20;

  /// One kind's objects.
  ///
  /// @param examples the first of them; none of a kind that is no fault
  record Count(long objects, long bytes, List<Example> examples) {
    static final Count NONE = new Count(0, 0, List.of());

    Count plus(long moreBytes, List<Example> examplesNow) {
      return new Count(objects + 1, bytes + moreBytes, examplesNow);
    }

    Count less(long fewerObjects, long fewerBytes) {
      return new Count(objects - fewerObjects, bytes - fewerBytes, examples);
    }
  }

  /// @param what is wrong with it
  record Example(String key, String what) {}

  private final Map<ObjectKind, Count> counts = new EnumMap<>(ObjectKind.class);

  /// @param bytes of the object; of one that is missing, those that logs hold of it
  void add(ObjectKind kind, String key, long bytes, String what) {
    Count before = count(kind);
    List<Example> examples = before.examples();
    if (kind.isFault() && examples.size() < EXAMPLES_MAX) {
      examples = new ArrayList<>(examples);
      examples.add(new Example(key, what));
    }
    counts.put(kind, before.plus(bytes, List.copyOf(examples)));
  }

  /// Some of a kind have been deleted.
  void remove(ObjectKind kind, long objects, long bytes) {
    counts.put(kind, count(kind).less(objects, bytes));
  }

  Count count(ObjectKind kind) {
    return counts.getOrDefault(kind, Count.NONE);
  }

  long objects() {
    return counts.values().stream().mapToLong(Count::objects).sum();
  }

  long faults() {
    return counts.entrySet().stream()
        .filter(each -> each.getKey().isFault())
        .mapToLong(each -> each.getValue().objects())
        .sum();
  }

  Map<ObjectKind, Count> all() {
    return Map.copyOf(counts);
  }
}
