package io.weft.controlplane.state.level;

import io.weft.controlplane.codec.shape.Kind;
import io.weft.controlplane.state.part.StateRecord;

/// An operator has said that an upgrade is final, or a cluster is founded: from here on, this
/// record among it, what is written is of this level. A release that knows no level but the first
/// does not know this record; any other one does, and stops at a level that it does not know.
@Kind(value = 100, since = 2)
public record LevelRaised(int level) implements StateRecord {}
