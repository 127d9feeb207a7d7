package io.weft.controlplane.state.part;

import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;

/// One concern of the state: what it knows, what it makes of records, and what it answers. Owned by
/// one thread.
///
/// A part implements the interfaces of `controlplane.api` that it answers. A question is answered
/// in the [step][CurrentStep] that the state is in: what it changes is decided and made as records,
/// and then the answer is given. A part changes in [#replay] and [#read], and nowhere else.
public interface StatePart {
  /// Makes a record part of what it knows: one of its own, or one of another part's that it hears.
  default void replay(StateRecord record, ChangeListener changes) {}

  /// Its bytes in a snapshot; equal parts have equal bytes.
  default void write(WireWriter out) {}

  /// Becomes what was written. It is fresh, and the parts before it in the list have been read.
  default void read(WireReader in) {}
}
