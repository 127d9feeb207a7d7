package io.weft.controlplane.state.admin;

import io.weft.controlplane.api.admin.ClientQuotas;
import io.weft.controlplane.api.admin.Quorum;
import io.weft.controlplane.api.admin.ResourceSettings;
import io.weft.controlplane.api.admin.ScramCredentials;
import io.weft.controlplane.state.RecordParts;
import io.weft.controlplane.state.StateRecord;
import io.weft.controlplane.state.StateRecord.CredentialPut;
import io.weft.controlplane.state.StateRecord.CredentialRemoved;
import io.weft.controlplane.state.StateRecord.QuotaAltered;
import io.weft.controlplane.state.StateRecord.ResourceConfigured;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;

/// The tables as they are asked one command. Used once, by one thread.
public final class AdminTurn {
  private final AdminTables tables;
  private final Consumer<StateRecord> apply;
  private final Quorum quorum;

  /// @param apply makes a record part of the state, and keeps it
  public AdminTurn(AdminTables tables, Consumer<StateRecord> apply, Quorum quorum) {
    this.tables = tables;
    this.apply = apply;
    this.quorum = quorum;
  }

  public ResourceSettings resources() {
    return new ResourceSettings() {
      @Override
      public Optional<Configured> read(Kind kind, long knownVersion) {
        return tables.resources(kind).after(knownVersion);
      }

      @Override
      public ConfigureOutcome configure(
          Kind kind, String name, long expectedVersion, Map<String, String> settings) {
        return tables
            .resources(kind)
            .settled(name, expectedVersion, settings)
            .orElseGet(
                () -> {
                  apply.accept(new ResourceConfigured(kind, name, RecordParts.sorted(settings)));
                  return ConfigureOutcome.CONFIGURED;
                });
      }
    };
  }

  public ClientQuotas quotas() {
    return new ClientQuotas() {
      @Override
      public Optional<Quotas> read(long knownVersion) {
        return tables.quotas().after(knownVersion);
      }

      @Override
      public AlterOutcome alter(Entity entity, Map<String, OptionalDouble> changes) {
        Map<String, OptionalDouble> effective = tables.quotas().effective(entity, changes);
        if (effective.isEmpty()) {
          return AlterOutcome.ALTERED;
        }
        if (!tables.quotas().fits(entity, effective)) {
          return AlterOutcome.LIMIT_REACHED;
        }
        apply.accept(new QuotaAltered(entity, effective));
        return AlterOutcome.ALTERED;
      }
    };
  }

  public ScramCredentials credentials() {
    return new ScramCredentials() {
      @Override
      public List<Described> describe(List<String> users) {
        return tables.credentials().describe(users);
      }

      @Override
      public Optional<Credential> find(String user, Mechanism mechanism) {
        return tables.credentials().find(user, mechanism);
      }

      @Override
      public PutOutcome put(String user, Mechanism mechanism, Credential credential) {
        if (!tables.credentials().fits(user, credential)) {
          return PutOutcome.LIMIT_REACHED;
        }
        apply.accept(new CredentialPut(user, mechanism, credential));
        return PutOutcome.PUT;
      }

      @Override
      public boolean remove(String user, Mechanism mechanism) {
        if (tables.credentials().find(user, mechanism).isEmpty()) {
          return false;
        }
        apply.accept(new CredentialRemoved(user, mechanism));
        return true;
      }
    };
  }

  public Quorum quorum() {
    return quorum;
  }
}
