package io.weft.controlplane.command.admin;

import io.weft.controlplane.api.admin.Administration;
import io.weft.controlplane.api.admin.ClientQuotas;
import io.weft.controlplane.api.admin.Quorum;
import io.weft.controlplane.api.admin.ResourceSettings;
import io.weft.controlplane.api.admin.ScramCredentials;
import io.weft.controlplane.command.AdminCommand;
import io.weft.controlplane.command.CommandPort;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/// The administrators' interfaces, each call turned into a command for a port. Thread-safe.
public final class CommandedAdministration implements Administration {
  private final CommandPort port;

  public CommandedAdministration(CommandPort port) {
    this.port = port;
  }

  @Override
  public ResourceSettings resources() {
    return new ResourceSettings() {
      @Override
      public Optional<Configured> read(Kind kind, long knownVersion) {
        return port.ask(new AdminCommand.ReadResources(kind, knownVersion));
      }

      @Override
      public ConfigureOutcome configure(
          Kind kind, String name, long expectedVersion, Map<String, String> settings) {
        return port.ask(new AdminCommand.ConfigureResource(kind, name, expectedVersion, settings));
      }
    };
  }

  @Override
  public ClientQuotas quotas() {
    return new ClientQuotas() {
      @Override
      public Optional<Quotas> read(long knownVersion) {
        return port.ask(new AdminCommand.ReadQuotas(knownVersion));
      }

      @Override
      public AlterOutcome alter(Entity entity, Map<String, OptionalDouble> changes) {
        return port.ask(new AdminCommand.AlterQuota(entity, changes));
      }
    };
  }

  @Override
  public ScramCredentials credentials() {
    return new ScramCredentials() {
      @Override
      public List<Described> describe(List<String> users) {
        return port.ask(new AdminCommand.DescribeCredentials(users));
      }

      @Override
      public Optional<Credential> find(String user, Mechanism mechanism) {
        return port.ask(new AdminCommand.FindCredential(user, mechanism));
      }

      @Override
      public PutOutcome put(String user, Mechanism mechanism, Credential credential) {
        return port.ask(new AdminCommand.PutCredential(user, mechanism, credential));
      }

      @Override
      public boolean remove(String user, Mechanism mechanism) {
        return port.ask(new AdminCommand.RemoveCredential(user, mechanism));
      }
    };
  }

  @Override
  public Quorum quorum() {
    return () -> port.ask(new AdminCommand.DescribeQuorum());
  }
}
