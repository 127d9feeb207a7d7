package io.weft.controlplane.state.producer;

import io.weft.controlplane.codec.shape.Kind;
import io.weft.controlplane.state.part.StateRecord;

/// Producer ids were given out: `count` of them from `first` on.
@Kind(10)
public record ProducerIdsLeased(long first, int count) implements StateRecord {}
