package io.weft.agent.api.credentials;

import io.weft.agent.api.ApiHandler;
import io.weft.agent.api.ControlPlaneCalls;
import io.weft.controlplane.api.admin.ScramCredentials;
import io.weft.environment.Environment;
import java.util.List;

/// The handlers of SCRAM credentials.
public final class CredentialHandlers {
  private CredentialHandlers() {}

  public static List<ApiHandler> of(ScramCredentials credentials, Environment environment) {
    return List.of(
        new DescribeUserScramCredentialsHandler(credentials),
        new AlterUserScramCredentialsHandler(credentials, new ControlPlaneCalls(environment)));
  }
}
