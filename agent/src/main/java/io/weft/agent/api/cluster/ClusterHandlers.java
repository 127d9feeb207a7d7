package io.weft.agent.api.cluster;

import io.weft.agent.api.ApiHandler;
import io.weft.agent.api.RefusingHandler;
import io.weft.agent.catalog.LiveCatalog;
import io.weft.controlplane.api.Membership;
import io.weft.controlplane.api.admin.Quorum;
import io.weft.model.AgentId;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.common.protocol.ApiKeys;

/// The handlers of the cluster as such.
public final class ClusterHandlers {
  private ClusterHandlers() {}

  public static List<ApiHandler> of(
      LiveCatalog catalog, Quorum quorum, Membership membership, Supplier<AgentId> self) {
    return List.of(
        new DescribeClusterHandler(catalog, self),
        new FindCoordinatorHandler(catalog),
        new DescribeQuorumHandler(quorum),
        new UnregisterBrokerHandler(catalog, membership),
        new UpdateFeaturesHandler(),
        RefusingHandler.withoutAuthorizer(ApiKeys.DESCRIBE_ACLS),
        RefusingHandler.withoutAuthorizer(ApiKeys.CREATE_ACLS),
        RefusingHandler.withoutAuthorizer(ApiKeys.DELETE_ACLS),
        RefusingHandler.ofTransactionMarkers());
  }
}
