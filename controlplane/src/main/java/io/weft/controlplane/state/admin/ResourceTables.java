package io.weft.controlplane.state.admin;

import io.weft.controlplane.api.admin.ResourceSettings;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.state.part.ChangeListener;
import io.weft.controlplane.state.part.CurrentStep;
import io.weft.controlplane.state.part.StatePart;
import io.weft.controlplane.state.part.StateRecord;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The settings of resources other than topics, a table for each kind. Owned by one thread.
public final class ResourceTables implements StatePart, ResourceSettings {
  private final CurrentStep step;
  private final Map<Kind, ResourceTable> tables = new EnumMap<>(Kind.class);

  public ResourceTables(CurrentStep step) {
    this.step = step;
    for (Kind kind : Kind.values()) {
      tables.put(kind, new ResourceTable());
    }
  }

  /// A kind's settings, by resource.
  public Map<String, Map<String, String>> settings(Kind kind) {
    return tables.get(kind).settings();
  }

  /// A resource's settings; empty if it has none.
  public Map<String, String> settings(Kind kind, String name) {
    return tables.get(kind).settings(name);
  }

  @Override
  public Optional<Configured> read(Kind kind, long knownVersion) {
    return tables.get(kind).after(knownVersion);
  }

  @Override
  public ConfigureOutcome configure(
      Kind kind, String name, long expectedVersion, Map<String, String> settings) {
    Optional<ConfigureOutcome> settled = tables.get(kind).settled(name, expectedVersion, settings);
    if (settled.isEmpty()) {
      step.make(
          new ResourceConfigured(kind, name, Collections.unmodifiableMap(new TreeMap<>(settings))));
    }
    return settled.orElse(ConfigureOutcome.CONFIGURED);
  }

  @Override
  public void replay(StateRecord record, ChangeListener changes) {
    ResourceConfigured configured = (ResourceConfigured) record;
    tables.get(configured.kind()).replay(configured);
    changes.resourceConfigured(configured.kind(), configured.name(), configured.settings());
  }

  /// Bytes: each kind's, in the kinds' order.
  @Override
  public void write(WireWriter out) {
    tables.values().forEach(each -> each.write(out));
  }

  @Override
  public void read(WireReader in) {
    tables.values().forEach(each -> each.read(in));
  }
}
