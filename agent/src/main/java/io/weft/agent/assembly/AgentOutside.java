package io.weft.agent.assembly;

import io.weft.agent.cache.Chunks;
import io.weft.agent.neighbour.NeighbourLink;
import io.weft.controlplane.api.ControlPlane;
import io.weft.environment.Environment;
import io.weft.storage.bucket.ClusterBucket;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// All that an agent has to do with.
///
/// @param controlPlane not closed with the agent
/// @param bucket known to belong to the cluster of this control plane
/// @param chunks what stands between the readers and this agent's own chunks
/// @param neighbours the way to other agents; empty for an agent that shares nothing with them
public record AgentOutside(
    Environment environment,
    ControlPlane controlPlane,
    ClusterBucket bucket,
    UnaryOperator<Chunks> chunks,
    Optional<NeighbourLink> neighbours) {
  /// Of an agent whose readers read from its own chunks.
  public AgentOutside(Environment environment, ControlPlane controlPlane, ClusterBucket bucket) {
    this(environment, controlPlane, bucket, UnaryOperator.identity(), Optional.empty());
  }
}
