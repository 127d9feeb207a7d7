package io.weft.agent.fetch;

import io.weft.model.PartitionId;
import java.util.List;

/// What one fetch asks for.
///
/// @param wants in the order in which they are served
/// @param bytesMax of all partitions together
/// @param bytesMin wait while there is less
/// @param waitMsMax but not for longer than this
public record FetchOrder(
    List<Want> wants, int bytesMax, long bytesMin, long waitMsMax, Isolation isolation) {
  /// One partition's records from an offset on.
  ///
  /// @param bytesMax of this partition; the first partition that has records gives one batch at
  ///   least, whatever the limits (KIP-74)
  ///
  /// @param end stop with the batch that holds the offset before this one
  public record Want(PartitionId partition, long offset, int bytesMax, long end) {
    public Want(PartitionId partition, long offset, int bytesMax) {
      this(partition, offset, bytesMax, Long.MAX_VALUE);
    }
  }
}
