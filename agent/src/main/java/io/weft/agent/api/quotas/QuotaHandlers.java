package io.weft.agent.api.quotas;

import io.weft.agent.api.ApiHandler;
import io.weft.agent.api.ApiParts;
import io.weft.agent.api.Asking;
import io.weft.controlplane.api.admin.ClientQuotas;
import java.util.List;

/// The handlers of client quotas.
public final class QuotaHandlers {
  private QuotaHandlers() {}

  public static List<ApiHandler> of(ApiParts parts) {
    return List.of(
        new DescribeClientQuotasHandler(parts.controlPlane().as(ClientQuotas.class)),
        new AlterClientQuotasHandler(
            parts.controlPlane().as(ClientQuotas.class), new Asking(parts.environment())));
  }
}
