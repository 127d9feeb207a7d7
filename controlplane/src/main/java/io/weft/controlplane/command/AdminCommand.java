package io.weft.controlplane.command;

import io.weft.controlplane.api.ControlPlane;
import io.weft.controlplane.api.admin.ClientQuotas;
import io.weft.controlplane.api.admin.ClientQuotas.Quotas;
import io.weft.controlplane.api.admin.Quorum;
import io.weft.controlplane.api.admin.ResourceSettings;
import io.weft.controlplane.api.admin.ResourceSettings.Configured;
import io.weft.controlplane.api.admin.ScramCredentials;
import io.weft.controlplane.api.admin.ScramCredentials.Credential;
import io.weft.controlplane.api.admin.ScramCredentials.Described;
import io.weft.controlplane.api.admin.ScramCredentials.Mechanism;
import io.weft.controlplane.command.admin.AdminCommandCodec;
import io.weft.controlplane.command.admin.CredentialWire;
import io.weft.controlplane.command.admin.QuotaWire;
import io.weft.controlplane.command.admin.ResourceWire;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/// One question of an administrator's.
public sealed interface AdminCommand<R> extends Command<R> {
  record ReadResources(ResourceSettings.Kind resourceKind, long knownVersion)
      implements AdminCommand<Optional<Configured>> {
    @Override
    public Wire<Optional<Configured>> replyWire() {
      return ResourceWire.CONFIGURED_IF_NEWER;
    }

    @Override
    public Optional<Configured> askOf(ControlPlane answering) {
      return answering.resources().read(resourceKind, knownVersion);
    }
  }

  record ConfigureResource(
      ResourceSettings.Kind resourceKind,
      String name,
      long expectedVersion,
      Map<String, String> settings)
      implements AdminCommand<ResourceSettings.ConfigureOutcome> {
    @Override
    public Wire<ResourceSettings.ConfigureOutcome> replyWire() {
      return ResourceWire.CONFIGURE_OUTCOME;
    }

    @Override
    public ResourceSettings.ConfigureOutcome askOf(ControlPlane answering) {
      return answering.resources().configure(resourceKind, name, expectedVersion, settings);
    }
  }

  record ReadQuotas(long knownVersion) implements AdminCommand<Optional<Quotas>> {
    @Override
    public Wire<Optional<Quotas>> replyWire() {
      return QuotaWire.QUOTAS_IF_NEWER;
    }

    @Override
    public Optional<Quotas> askOf(ControlPlane answering) {
      return answering.quotas().read(knownVersion);
    }
  }

  record AlterQuota(ClientQuotas.Entity entity, Map<String, OptionalDouble> changes)
      implements AdminCommand<ClientQuotas.AlterOutcome> {
    @Override
    public Wire<ClientQuotas.AlterOutcome> replyWire() {
      return QuotaWire.ALTER_OUTCOME;
    }

    @Override
    public ClientQuotas.AlterOutcome askOf(ControlPlane answering) {
      return answering.quotas().alter(entity, changes);
    }
  }

  record DescribeCredentials(List<String> users) implements AdminCommand<List<Described>> {
    @Override
    public Wire<List<Described>> replyWire() {
      return CredentialWire.DESCRIBED;
    }

    @Override
    public List<Described> askOf(ControlPlane answering) {
      return answering.credentials().describe(users);
    }
  }

  record FindCredential(String user, Mechanism mechanism)
      implements AdminCommand<Optional<Credential>> {
    @Override
    public Wire<Optional<Credential>> replyWire() {
      return CredentialWire.CREDENTIAL_IF_THERE;
    }

    @Override
    public Optional<Credential> askOf(ControlPlane answering) {
      return answering.credentials().find(user, mechanism);
    }
  }

  record PutCredential(String user, Mechanism mechanism, Credential credential)
      implements AdminCommand<ScramCredentials.PutOutcome> {
    @Override
    public Wire<ScramCredentials.PutOutcome> replyWire() {
      return CredentialWire.PUT_OUTCOME;
    }

    @Override
    public ScramCredentials.PutOutcome askOf(ControlPlane answering) {
      return answering.credentials().put(user, mechanism, credential);
    }
  }

  record RemoveCredential(String user, Mechanism mechanism) implements AdminCommand<Boolean> {
    @Override
    public Wire<Boolean> replyWire() {
      return ValueWire.BOOLEAN;
    }

    @Override
    public Boolean askOf(ControlPlane answering) {
      return answering.credentials().remove(user, mechanism);
    }
  }

  record DescribeQuorum() implements AdminCommand<Quorum.Status> {
    @Override
    public Wire<Quorum.Status> replyWire() {
      return AdminCommandCodec.QUORUM_STATUS;
    }

    @Override
    public Quorum.Status askOf(ControlPlane answering) {
      return answering.quorum().describe();
    }
  }
}
