package io.weft.controlplane.state.share;

import io.weft.controlplane.codec.shape.Kind;
import io.weft.controlplane.state.part.StateRecord;

/// Something of share groups changed.
@Kind(70)
public record ShareChanged(ShareChange change) implements StateRecord {}
