package io.weft.controlplane.state.admin;

import io.weft.controlplane.api.admin.ScramCredentials;
import io.weft.controlplane.codec.shape.Kind;
import io.weft.controlplane.state.part.StateRecord;

/// A change of a user's credentials.
public sealed interface CredentialRecord extends StateRecord {
  @Kind(82)
  record CredentialPut(
      String user, ScramCredentials.Mechanism mechanism, ScramCredentials.Credential credential)
      implements CredentialRecord {}

  @Kind(83)
  record CredentialRemoved(String user, ScramCredentials.Mechanism mechanism)
      implements CredentialRecord {}
}
