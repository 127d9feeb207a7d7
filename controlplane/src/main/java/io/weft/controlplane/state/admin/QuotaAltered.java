package io.weft.controlplane.state.admin;

import io.weft.controlplane.api.admin.ClientQuotas;
import io.weft.controlplane.codec.shape.Kind;
import io.weft.controlplane.state.part.StateRecord;
import java.util.Map;
import java.util.OptionalDouble;

/// @param changes quotas set, or removed (empty); the entity's others stay
@Kind(81)
public record QuotaAltered(ClientQuotas.Entity entity, Map<String, OptionalDouble> changes)
    implements StateRecord {}
