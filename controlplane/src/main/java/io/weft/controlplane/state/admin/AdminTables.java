package io.weft.controlplane.state.admin;

import io.weft.controlplane.api.admin.ClientQuotas;
import io.weft.controlplane.api.admin.ResourceSettings;
import io.weft.controlplane.api.admin.ResourceSettings.Kind;
import io.weft.controlplane.api.admin.ScramCredentials;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.state.admin.AdminRecord.CredentialPut;
import io.weft.controlplane.state.admin.AdminRecord.CredentialRemoved;
import io.weft.controlplane.state.admin.AdminRecord.QuotaAltered;
import io.weft.controlplane.state.admin.AdminRecord.ResourceConfigured;
import io.weft.controlplane.state.part.ChangeListener;
import io.weft.controlplane.state.part.CurrentStep;
import io.weft.controlplane.state.part.Part;
import io.weft.controlplane.state.part.StateRecord;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// All that administrators have set. Owned by one thread.
public final class AdminTables implements Part, ResourceSettings {
  private final Map<Kind, ResourceTable> resources = new EnumMap<>(Kind.class);
  private final CurrentStep step;
  private final QuotaTable quotas;
  private final CredentialTable credentials;

  public AdminTables(CurrentStep step) {
    this.step = step;
    this.quotas = new QuotaTable(step);
    this.credentials = new CredentialTable(step);
    for (Kind kind : Kind.values()) {
      resources.put(kind, new ResourceTable());
    }
  }

  /// A kind's settings, by resource.
  public Map<String, Map<String, String>> settings(Kind kind) {
    return resources.get(kind).settings();
  }

  /// A resource's settings; empty if it has none.
  public Map<String, String> settings(Kind kind, String name) {
    return resources.get(kind).settings(name);
  }

  @Override
  public Optional<Configured> read(Kind kind, long knownVersion) {
    return resources.get(kind).after(knownVersion);
  }

  @Override
  public ConfigureOutcome configure(
      Kind kind, String name, long expectedVersion, Map<String, String> settings) {
    Optional<ConfigureOutcome> settled =
        resources.get(kind).settled(name, expectedVersion, settings);
    if (settled.isEmpty()) {
      step.make(
          new ResourceConfigured(kind, name, Collections.unmodifiableMap(new TreeMap<>(settings))));
    }
    return settled.orElse(ConfigureOutcome.CONFIGURED);
  }

  @Override
  public List<Class<? extends StateRecord>> records() {
    return List.of(AdminRecord.class);
  }

  @Override
  public Map<Class<?>, Object> answers() {
    return Map.of(
        ResourceSettings.class, this,
        ClientQuotas.class, quotas,
        ScramCredentials.class, credentials);
  }

  @Override
  public void replay(StateRecord record, ChangeListener changes) {
    switch ((AdminRecord) record) {
      case ResourceConfigured configured -> {
        resources.get(configured.kind()).replay(configured);
        changes.resourceConfigured(configured.kind(), configured.name(), configured.settings());
      }
      case QuotaAltered altered -> quotas.replay(altered);
      case CredentialPut put -> credentials.replay(put);
      case CredentialRemoved removed -> credentials.replay(removed);
    }
  }

  /// Bytes: resources (of each kind, in the kinds' order) quotas credentials.
  @Override
  public void write(WireWriter out) {
    for (Kind kind : Kind.values()) {
      resources.get(kind).write(out);
    }
    quotas.write(out);
    credentials.write(out);
  }

  @Override
  public void read(WireReader in) {
    for (Kind kind : Kind.values()) {
      resources.get(kind).read(in);
    }
    quotas.read(in);
    credentials.read(in);
  }
}
