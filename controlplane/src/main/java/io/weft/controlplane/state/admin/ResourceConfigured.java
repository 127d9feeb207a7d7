package io.weft.controlplane.state.admin;

import io.weft.controlplane.api.admin.ResourceSettings;
import io.weft.controlplane.codec.shape.Kind;
import io.weft.controlplane.state.part.StateRecord;
import java.util.Map;

/// All settings of a resource that is no topic; without any, it is gone.
@Kind(80)
public record ResourceConfigured(
    ResourceSettings.Kind kind, String name, Map<String, String> settings) implements StateRecord {}
