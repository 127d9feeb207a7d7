package io.weft.controlplane.state;

import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.state.part.ChangeListener;
import io.weft.controlplane.state.part.StatePart;
import io.weft.controlplane.state.part.StateRecord;
import io.weft.controlplane.state.part.StateRecord.ClusterFounded;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The parts of a state, in their order. Owned by one thread.
final class Parts {
  private record Entry(
      StatePart part,
      List<Class<? extends StateRecord>> records,
      List<Class<? extends StateRecord>> heard) {
    private boolean isConcernedBy(Class<?> type) {
      return isAny(records, type) || isAny(heard, type);
    }

    private static boolean isAny(List<Class<? extends StateRecord>> families, Class<?> type) {
      return families.stream().anyMatch(family -> family.isAssignableFrom(type));
    }
  }

  private final List<Entry> entries = new ArrayList<>();

  /// The part that answers each interface.
  private final Map<Class<?>, StatePart> answering = new HashMap<>();

  /// The parts that a type of record concerns, in their order.
  private final Map<Class<?>, StatePart[]> concerned = new HashMap<>();

  /// Adds a part.
  ///
  /// @param records the families of its own records: sealed interfaces, or single records
  /// @throws IllegalStateException if it answers what another part does
  Parts add(StatePart part, Class<?>... records) {
    entries.add(new Entry(part, typesOf(records), List.of()));
    for (Class<?> each : part.getClass().getInterfaces()) {
      check(each == StatePart.class || answering.put(each, part) == null, "two parts answer", each);
    }
    return this;
  }

  /// The part added last hears these records too, each after the parts before it.
  ///
  /// @throws IllegalStateException if no part before it has them
  Parts hearing(Class<?>... heard) {
    Entry last = entries.removeLast();
    for (Class<?> each : heard) {
      check(Entry.isAny(records(), each), "no part before has", each);
    }
    entries.add(new Entry(last.part, last.records, typesOf(heard)));
    return this;
  }

  private static List<Class<? extends StateRecord>> typesOf(Class<?>[] records) {
    List<Class<? extends StateRecord>> types = new ArrayList<>();
    for (Class<?> each : records) {
      types.add(each.asSubclass(StateRecord.class));
    }
    return List.copyOf(types);
  }

  /// The families of all records, that of the record that founds the cluster among them.
  List<Class<? extends StateRecord>> records() {
    List<Class<? extends StateRecord>> records = new ArrayList<>();
    records.add(ClusterFounded.class);
    entries.forEach(each -> records.addAll(each.records));
    return records;
  }

  <A> A as(Class<A> asker) {
    StatePart answer = answering.get(asker);
    check(answer != null, "no part of the state answers", asker);
    return asker.cast(answer);
  }

  void replay(StateRecord record, ChangeListener changes) {
    for (StatePart each : concerned.computeIfAbsent(record.getClass(), this::concernedBy)) {
      each.replay(record, changes);
    }
  }

  private StatePart[] concernedBy(Class<?> type) {
    StatePart[] found =
        entries.stream()
            .filter(each -> each.isConcernedBy(type))
            .map(Entry::part)
            .toArray(StatePart[]::new);
    check(found.length > 0, "no part has records like", type);
    return found;
  }

  void write(WireWriter out) {
    entries.forEach(each -> each.part.write(out));
  }

  void read(WireReader in) {
    entries.forEach(each -> each.part.read(in));
  }

  private static void check(boolean holds, String broken, Class<?> by) {
    if (!holds) {
      throw new IllegalStateException("%s %s".formatted(broken, by.getSimpleName()));
    }
  }
}
