package io.weft.agent.api.cluster;

import io.weft.agent.api.ApiHandler;
import io.weft.agent.api.ApiParts;
import io.weft.agent.api.RefusingHandler;
import io.weft.controlplane.api.admin.Quorum;
import java.util.List;
import org.apache.kafka.common.protocol.ApiKeys;

/// The handlers of the cluster as such.
public final class ClusterHandlers {
  private ClusterHandlers() {}

  public static List<ApiHandler> of(ApiParts parts) {
    return List.of(
        new DescribeClusterHandler(parts.catalog(), parts.self()),
        new FindCoordinatorHandler(parts.catalog()),
        new DescribeQuorumHandler(parts.controlPlane().as(Quorum.class)),
        new UnregisterBrokerHandler(parts.catalog(), parts.controlPlane()),
        new UpdateFeaturesHandler(),
        RefusingHandler.withoutAuthorizer(ApiKeys.DESCRIBE_ACLS),
        RefusingHandler.withoutAuthorizer(ApiKeys.CREATE_ACLS),
        RefusingHandler.withoutAuthorizer(ApiKeys.DELETE_ACLS),
        RefusingHandler.ofTransactionMarkers());
  }
}
