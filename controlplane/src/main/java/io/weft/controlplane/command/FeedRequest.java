package io.weft.controlplane.command;

import io.weft.controlplane.api.CommitFeed;
import io.weft.controlplane.codec.shape.AtMost;
import io.weft.controlplane.codec.shape.Kind;
import io.weft.model.AgentId;
import io.weft.model.PartitionId;
import java.util.List;

/// What a subscriber of the commit feed says: `Open` first and once, then the rest in any order.
public sealed interface FeedRequest {
  @Kind(1)
  record Open(AgentId agent) implements FeedRequest {}

  @Kind(2)
  record Watch(@AtMost(CommitFeed.PARTITIONS_WATCHED_MAX) List<PartitionId> partitions)
      implements FeedRequest {}

  @Kind(3)
  record Unwatch(@AtMost(CommitFeed.PARTITIONS_WATCHED_MAX) List<PartitionId> partitions)
      implements FeedRequest {}
}
