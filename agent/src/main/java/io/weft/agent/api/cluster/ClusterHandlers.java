package io.weft.agent.api.cluster;

import io.weft.agent.api.ApiHandler;
import io.weft.agent.api.ApiParts;
import java.util.List;

/// The handlers of the cluster as such.
public final class ClusterHandlers {
  private ClusterHandlers() {}

  public static List<ApiHandler> of(ApiParts parts) {
    return List.of(
        new DescribeClusterHandler(parts.catalog(), parts.self()),
        new FindCoordinatorHandler(parts.catalog()));
  }
}
