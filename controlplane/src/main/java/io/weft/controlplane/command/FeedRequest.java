package io.weft.controlplane.command;

import io.weft.model.AgentId;
import io.weft.model.PartitionId;
import java.util.List;

/// What a subscriber of the commit feed says: `Open` first and once, then the rest in any order.
public sealed interface FeedRequest {
  record Open(AgentId agent) implements FeedRequest {}

  record Watch(List<PartitionId> partitions) implements FeedRequest {}

  record Unwatch(List<PartitionId> partitions) implements FeedRequest {}
}
