package io.weft.agent.compaction;

import io.weft.model.BatchSums;
import io.weft.model.Extent;
import io.weft.model.PartitionId;
import io.weft.protocol.record.BatchHeader;
import io.weft.storage.file.Crc32c;
import io.weft.storage.file.PartitionRun;
import io.weft.storage.file.StoredBatch;
import java.nio.ByteBuffer;
import java.util.Iterator;

/// The sums of one partition's extents in a file, from the bytes that are written and from nothing
/// else: what was read, and what was meant to be written, may be another thing. Owned by one
/// thread.
public final class WrittenSums {
  private final BatchSums sums;
  private final Iterator<StoredBatch> batches;

  /// @param run as the file holds it
  public WrittenSums(PartitionRun run) {
    this.sums = BatchSums.of(run.partition());
    this.batches = run.batches().iterator();
  }

  /// The sum of the batches of the next extent, which lies behind the one before it.
  ///
  /// @throws IllegalStateException if the extent does not end where a batch does
  public long next(Extent extent) {
    long sum = 0;
    long offset = extent.baseOffset();
    int left = extent.length();
    while (left > 0) {
      ByteBuffer bytes = batches.next().bytes().slice();
      int offsets = BatchHeader.lastOffsetDelta(bytes, 0) + 1;
      if (extent.hasOwnOffsets()) {
        offset = bytes.getLong(BatchHeader.BASE_OFFSET);
      }
      sum += sums.of(offset, offsets, checksum(bytes));
      offset += offsets;
      left -= bytes.remaining();
    }
    if (left < 0) {
      throw new IllegalStateException("an extent that ends in the midst of a batch");
    }
    return sum;
  }

  /// What a batch counts as in the sum of its extent, as it says itself.
  ///
  /// @param batch with its base offset
  public static long ofBatch(PartitionId partition, ByteBuffer batch) {
    return BatchSums.of(partition)
        .of(
            batch.getLong(BatchHeader.BASE_OFFSET),
            BatchHeader.lastOffsetDelta(batch, 0) + 1,
            BatchHeader.crc(batch, 0));
  }

  private static int checksum(ByteBuffer batch) {
    int at = BatchHeader.ATTRIBUTES;
    return Crc32c.of(batch.slice(at, batch.remaining() - at));
  }
}
