package io.weft.controlplane.rpc;

import io.weft.controlplane.api.CommitFeed.Event;
import io.weft.controlplane.api.ExtentIndex;
import io.weft.controlplane.api.PartitionBounds;
import io.weft.controlplane.command.Command;
import io.weft.model.Extent;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import java.util.ArrayList;
import java.util.List;

/// Partitions and events with a number, so that order and gaps show.
final class RpcSamples {
  static final TopicId TOPIC = new TopicId(1, 2);

  private RpcSamples() {}

  static PartitionId partition(int number) {
    return new PartitionId(TOPIC, number);
  }

  static List<PartitionId> partitions(int count) {
    List<PartitionId> partitions = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      partitions.add(partition(i));
    }
    return partitions;
  }

  static Command<List<Long>> partitionSizes(int count) {
    return Command.of(ExtentIndex.class, it -> it.sizes(partitions(count)));
  }

  static Event baseline(int partition) {
    return new Event.Baseline(partition(partition), new PartitionBounds(0, 0, 0));
  }

  /// The `number`-th event of a partition that gets ten records each time.
  static Event advanced(int partition, int number) {
    long end = 10L * (number + 1);
    return new Event.Advanced(
        partition(partition),
        new PartitionBounds(0, end, end),
        List.of(new Extent(number, 0, 100, end - 10, end - 1, 1_000, -1)));
  }
}
