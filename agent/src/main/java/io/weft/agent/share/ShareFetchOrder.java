package io.weft.agent.share;

import io.weft.model.PartitionId;
import java.util.List;

/// What a member of a share group asks for in one fetch. Numbers are as the member gave them.
///
/// @param partitions all different
/// @param recordsMax may end inside a batch
/// @param bytesMax of all partitions together; the first batch may have more
/// @param bytesMin wait while there is less
/// @param waitMsMax but not for longer than this
public record ShareFetchOrder(
    Member member,
    List<PartitionId> partitions,
    int recordsMax,
    int bytesMax,
    int bytesMin,
    long waitMsMax) {
  /// No answer has more bytes than this, except for its first batch.
  private static final int BYTES_MAX = 55 * 1024 * 1024;

  /// However long a client would wait, its connection reads nothing meanwhile.
  private static final int WAIT_MS_MAX = 30_000;

  /// Within what is allowed.
  ShareFetchOrder bounded() {
    int bytes = Math.clamp(bytesMax, 1, BYTES_MAX);
    return new ShareFetchOrder(
        member,
        partitions,
        Math.max(0, recordsMax),
        bytes,
        bytesMin,
        Math.clamp(waitMsMax, 0, WAIT_MS_MAX));
  }
}
