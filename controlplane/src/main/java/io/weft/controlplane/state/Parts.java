package io.weft.controlplane.state;

import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.state.part.ChangeListener;
import io.weft.controlplane.state.part.Part;
import io.weft.controlplane.state.part.StateRecord;
import io.weft.controlplane.state.part.StateRecord.ClusterFounded;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The parts of a state, in their order. Owned by one thread.
final class Parts {
  private static final Part[] NONE = {};

  private final List<Part> parts;

  /// Who answers which interface.
  private final Map<Class<?>, Object> answering = new HashMap<>();

  /// Whom a type of record concerns, in their order.
  private final Map<Class<?>, Part[]> concerned = new HashMap<>();

  /// @throws IllegalStateException if two parts answer one interface
  Parts(List<Part> parts) {
    this.parts = parts;
    for (Part each : parts) {
      each.answers()
          .forEach(
              (asker, answer) ->
                  check(answering.put(asker, answer) == null, "two parts answer", asker));
    }
  }

  /// The families of their records, and the one that founds the cluster.
  List<Class<? extends StateRecord>> records() {
    List<Class<? extends StateRecord>> records = new ArrayList<>();
    records.add(ClusterFounded.class);
    parts.forEach(each -> records.addAll(each.records()));
    return records;
  }

  <A> A as(Class<A> asker) {
    Object answer = answering.get(asker);
    check(answer != null, "no part of the state answers", asker);
    return asker.cast(answer);
  }

  void replay(StateRecord record, ChangeListener changes) {
    for (Part each : concerned.computeIfAbsent(record.getClass(), this::concernedBy)) {
      each.replay(record, changes);
    }
  }

  private Part[] concernedBy(Class<?> type) {
    Part[] found =
        parts.stream()
            .filter(each -> isAny(each.records(), type) || isAny(each.hears(), type))
            .toList()
            .toArray(NONE);
    check(found.length > 0, "no part has records like", type);
    return found;
  }

  private static boolean isAny(List<Class<? extends StateRecord>> families, Class<?> type) {
    return families.stream().anyMatch(family -> family.isAssignableFrom(type));
  }

  void write(WireWriter out) {
    parts.forEach(each -> each.write(out));
  }

  void read(WireReader in) {
    parts.forEach(each -> each.read(in));
  }

  private static void check(boolean holds, String broken, Class<?> by) {
    if (!holds) {
      throw new IllegalStateException("%s %s".formatted(broken, by.getSimpleName()));
    }
  }
}
