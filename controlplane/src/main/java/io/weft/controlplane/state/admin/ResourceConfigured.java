package io.weft.controlplane.state.admin;

import io.weft.controlplane.api.admin.ResourceSettings;
import io.weft.controlplane.codec.shape.Kind;
import io.weft.controlplane.state.part.StateRecord;
import java.util.Map;

/// All settings of a resource other than a topic; without settings it no longer exists.
@Kind(80)
public record ResourceConfigured(
    ResourceSettings.Kind kind, String name, Map<String, String> settings) implements StateRecord {}
