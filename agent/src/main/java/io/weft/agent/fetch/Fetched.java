package io.weft.agent.fetch;

import io.weft.controlplane.api.PartitionBounds;
import io.weft.model.AbortedRange;
import io.weft.protocol.record.StampedRecords;
import java.util.List;

/// What a fetch gets of one partition.
public sealed interface Fetched {
  /// @param records from the batch that holds the offset asked for; may be empty
  /// @param aborted transactions of which there may be records among these, by where they ended;
  ///   empty for a client that reads uncommitted records too
  /// @param gaps between the batches, from the offset asked for on, in order: records that were
  ///   removed. The last of them may reach beyond the records
  record Records(
      PartitionBounds bounds, StampedRecords records, List<AbortedRange> aborted, List<Gap> gaps)
      implements Fetched {
    static Records none(PartitionBounds bounds) {
      return new Records(bounds, StampedRecords.EMPTY, List.of(), List.of());
    }
  }

  /// Offsets that no batch has, both inclusive.
  record Gap(long first, long last) {}

  /// The control plane says so, asked after the request came.
  record OutOfRange() implements Fetched {}

  /// The control plane says so, asked after the request came.
  record UnknownPartition() implements Fetched {}

  /// The records are there but could not be read now.
  record Unreadable(String reason) implements Fetched {}

  /// The records are damaged, or their file is missing: trying again does not help.
  record Damaged(String reason) implements Fetched {}

  /// Where the records are cannot be said now, since the control plane cannot be asked.
  record Unplaced() implements Fetched {}
}
