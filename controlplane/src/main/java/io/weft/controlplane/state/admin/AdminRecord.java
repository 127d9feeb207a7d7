package io.weft.controlplane.state.admin;

import io.weft.controlplane.api.admin.ClientQuotas;
import io.weft.controlplane.api.admin.ResourceSettings;
import io.weft.controlplane.api.admin.ScramCredentials;
import io.weft.controlplane.codec.shape.Kind;
import io.weft.controlplane.state.part.StateRecord;
import java.util.Map;
import java.util.OptionalDouble;

/// Something was set by administrators.
public sealed interface AdminRecord extends StateRecord {
  /// All settings of a resource that is no topic; without any, it is gone.
  @Kind(80)
  record ResourceConfigured(ResourceSettings.Kind kind, String name, Map<String, String> settings)
      implements AdminRecord {}

  /// @param changes quotas set, or removed (empty); the entity's others stay
  @Kind(81)
  record QuotaAltered(ClientQuotas.Entity entity, Map<String, OptionalDouble> changes)
      implements AdminRecord {}

  @Kind(82)
  record CredentialPut(
      String user, ScramCredentials.Mechanism mechanism, ScramCredentials.Credential credential)
      implements AdminRecord {}

  @Kind(83)
  record CredentialRemoved(String user, ScramCredentials.Mechanism mechanism)
      implements AdminRecord {}
}
