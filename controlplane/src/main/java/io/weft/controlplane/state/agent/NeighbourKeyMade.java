package io.weft.controlplane.state.agent;

import io.weft.controlplane.codec.shape.Kind;
import io.weft.controlplane.state.part.StateRecord;
import io.weft.model.OpaqueBytes;

/// The leader has made a key for what agents ask of each other.
@Kind(value = 104, since = 2)
public record NeighbourKeyMade(int number, OpaqueBytes secret, long timeMs)
    implements StateRecord.Timed {}
