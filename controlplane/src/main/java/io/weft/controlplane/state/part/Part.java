package io.weft.controlplane.state.part;

import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import java.util.List;
import java.util.Map;

/// One concern of the state: its records, what it makes of them, and what it answers. Owned by one
/// thread.
///
/// A part changes in [#replay] and [#read], and nowhere else. What is asked of it is answered in
/// the [step][CurrentStep] that the state is in: the answer is decided, its records are made, and
/// only then given.
public interface Part {
  /// The families of its own records: sealed interfaces, or single records.
  default List<Class<? extends StateRecord>> records() {
    return List.of();
  }

  /// What it hears besides, of the records of parts that stand before it in the list of parts.
  default List<Class<? extends StateRecord>> hears() {
    return List.of();
  }

  /// Makes a record part of what it knows: one of its own, or one that it hears.
  default void replay(StateRecord record, ChangeListener changes) {}

  /// Who answers the interfaces of `controlplane.api` that are this part's to answer.
  default Map<Class<?>, Object> answers() {
    return Map.of();
  }

  /// Its bytes in a snapshot; equal parts have equal bytes.
  default void write(WireWriter out) {}

  /// Becomes what was written. It is fresh, and the parts before it in the list have been read.
  default void read(WireReader in) {}
}
