package io.weft.controlplane.state.admin;

import io.weft.controlplane.api.admin.ResourceSettings.Kind;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.controlplane.state.ChangeListener;
import io.weft.controlplane.state.StateRecord.Administered;
import io.weft.controlplane.state.StateRecord.CredentialPut;
import io.weft.controlplane.state.StateRecord.CredentialRemoved;
import io.weft.controlplane.state.StateRecord.QuotaAltered;
import io.weft.controlplane.state.StateRecord.ResourceConfigured;
import java.util.EnumMap;
import java.util.Map;

/// All that administrators have set. Owned by one thread.
public final class AdminTables {
  private final Map<Kind, ResourceTable> resources = new EnumMap<>(Kind.class);
  private final QuotaTable quotas = new QuotaTable();
  private final CredentialTable credentials = new CredentialTable();

  public AdminTables() {
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

  ResourceTable resources(Kind kind) {
    return resources.get(kind);
  }

  QuotaTable quotas() {
    return quotas;
  }

  CredentialTable credentials() {
    return credentials;
  }

  public void replay(Administered record, ChangeListener changes) {
    switch (record) {
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
  public void write(WireWriter out) {
    for (Kind kind : Kind.values()) {
      resources.get(kind).write(out);
    }
    quotas.write(out);
    credentials.write(out);
  }

  public void read(WireReader in) {
    for (Kind kind : Kind.values()) {
      resources.get(kind).read(in);
    }
    quotas.read(in);
    credentials.read(in);
  }
}
