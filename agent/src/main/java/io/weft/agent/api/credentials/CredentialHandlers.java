package io.weft.agent.api.credentials;

import io.weft.agent.api.ApiHandler;
import io.weft.agent.api.ApiParts;
import io.weft.agent.api.Asking;
import io.weft.controlplane.api.admin.ScramCredentials;
import java.util.List;

/// The handlers of SCRAM credentials.
public final class CredentialHandlers {
  private CredentialHandlers() {}

  public static List<ApiHandler> of(ApiParts parts) {
    return List.of(
        new DescribeUserScramCredentialsHandler(parts.controlPlane().as(ScramCredentials.class)),
        new AlterUserScramCredentialsHandler(
            parts.controlPlane().as(ScramCredentials.class), new Asking(parts.environment())));
  }
}
