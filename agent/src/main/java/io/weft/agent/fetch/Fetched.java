package io.weft.agent.fetch;

import io.weft.controlplane.api.PartitionBounds;
import io.weft.protocol.record.StampedRecords;

/// What a fetch gets of one partition.
public sealed interface Fetched {
  /// @param records from the batch that holds the offset asked for; may be empty
  record Records(PartitionBounds bounds, StampedRecords records) implements Fetched {}

  /// The control plane says so, asked after the request came.
  record OutOfRange() implements Fetched {}

  /// The control plane says so, asked after the request came.
  record UnknownPartition() implements Fetched {}

  /// The records are there but could not be read now.
  record Unreadable(String reason) implements Fetched {}

  /// Where the records are cannot be said now, since the control plane cannot be asked.
  record Unplaced() implements Fetched {}
}
