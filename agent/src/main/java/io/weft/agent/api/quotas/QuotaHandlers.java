package io.weft.agent.api.quotas;

import io.weft.agent.api.ApiHandler;
import io.weft.agent.api.ControlPlaneCalls;
import io.weft.controlplane.api.admin.ClientQuotas;
import io.weft.environment.Environment;
import java.util.List;

/// The handlers of client quotas.
public final class QuotaHandlers {
  private QuotaHandlers() {}

  public static List<ApiHandler> of(ClientQuotas quotas, Environment environment) {
    return List.of(
        new DescribeClientQuotasHandler(quotas),
        new AlterClientQuotasHandler(quotas, new ControlPlaneCalls(environment)));
  }
}
