package io.weft.simulation.cluster;

import io.weft.agent.assembly.AgentOutside;
import io.weft.agent.assembly.AssembledAgent;
import io.weft.agent.catalog.LiveCatalog;
import io.weft.agent.membership.ClientAddresses;
import io.weft.agent.neighbour.NeighbourLink;
import io.weft.controlplane.api.ControlPlane;
import io.weft.controlplane.api.Membership.Address;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.environment.Environment;
import io.weft.model.FileTier;
import io.weft.simulation.fault.TierGuard;
import io.weft.storage.bucket.BucketOwnership;
import io.weft.storage.bucket.BucketOwnership.Owner;
import io.weft.storage.bucket.ClusterBucket;
import io.weft.storage.object.ObjectStore;
import io.weft.storage.object.ObjectStoreException;
import java.util.Optional;

/// What a process does before it has an agent: it makes sure which cluster owns the bucket.
final class AgentBoot {
  private static final int PORT = 9092;
  private static final int NEIGHBOUR_PORT = 9093;

  private AgentBoot() {}

  /// The bucket is not this cluster's.
  static final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RefusedException(String message) {
      super(message);
    }
  }

  /// Registers with the control plane.
  ///
  /// @param host where clients and other agents reach it
  static AssembledAgent start(
      ControlPlane controlPlane,
      ObjectStore store,
      AgentBuild build,
      String host,
      NeighbourLink neighbours,
      Environment environment) {
    String clusterId = new LiveCatalog(controlPlane.as(TopicCatalog.class)).current().clusterId();
    Owner owner = new BucketOwnership(store).claim(clusterId);
    if (owner instanceof Owner.Unreadable) {
      // Here every read may lie for as long as the weather lasts: it is started again until then.
      throw new ObjectStoreException.Unavailable("the bucket's mark cannot be read", null);
    }
    if (!owner.equals(new Owner.Cluster(clusterId))) {
      throw new RefusedException("of cluster %s: %s".formatted(clusterId, owner));
    }
    ClusterBucket bucket =
        build.tiers()
            ? new ClusterBucket(
                new TierGuard(store, FileTier.HIGH_LATENCY),
                Optional.of(new TierGuard(store, FileTier.LOW_LATENCY)),
                clusterId)
            : new ClusterBucket(store, clusterId);
    AgentOutside outside =
        new AgentOutside(
            environment, controlPlane, bucket, build.build()::chunks, Optional.of(neighbours));
    AssembledAgent agent = AssembledAgent.of(outside, build.settings());
    agent.register(ClientAddresses.of(host, PORT), Optional.of(new Address(host, NEIGHBOUR_PORT)));
    return agent;
  }
}
