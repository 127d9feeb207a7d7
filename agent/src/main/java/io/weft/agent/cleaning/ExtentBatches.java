package io.weft.agent.cleaning;

import io.weft.agent.cache.Chunks;
import io.weft.agent.cache.ReadPurpose;
import io.weft.agent.cache.VerifiedBatches;
import io.weft.agent.compaction.WrittenSums;
import io.weft.environment.Environment;
import io.weft.model.Extent;
import io.weft.model.PartitionId;
import io.weft.protocol.cleaning.BatchCleaner;
import io.weft.protocol.cleaning.UncleanableException;
import io.weft.protocol.record.BatchHeader;
import io.weft.protocol.record.BatchView;
import java.nio.ByteBuffer;
import java.util.List;

/// Reads a partition's extents, batch by batch, no faster than it may. Owned by one thread.
final class ExtentBatches {
  private static final int READ_BYTES = 8 << 20;
  private static final long MS_PER_SECOND = 1_000;

  private final VerifiedBatches batches;
  private final Environment environment;
  private final PartitionId partition;
  private final long bytesPerSecond;

  ExtentBatches(
      Chunks chunks, Environment environment, PartitionId partition, long bytesPerSecond) {
    this.batches = new VerifiedBatches(chunks);
    this.environment = environment;
    this.partition = partition;
    this.bytesPerSecond = bytesPerSecond;
  }

  /// What is done with a batch.
  interface Visitor {
    /// @param batch the visitor's own copy, with its base offset and its times in place
    /// @param sum what the batch that is stored counts as
    /// @return whether to go on
    boolean visit(ByteBuffer batch, long sum) throws UncleanableException;
  }

  /// Shows the batches of an extent, in order.
  ///
  /// @return whether the visitor saw all of them
  /// @throws UncleanableException if they do not have the extent's offsets
  /// @throws io.weft.storage.object.ObjectStoreException as [VerifiedBatches#read]
  boolean read(Extent extent, Visitor visitor) throws UncleanableException, InterruptedException {
    long startedMs = environment.clock().monotonicMs();
    long next = extent.baseOffset();
    int at = 0;
    while (at < extent.length()) {
      int bytes = Math.min(READ_BYTES, extent.length() - at);
      List<BatchView> some =
          batches.readToKeep(partition, extent, at, bytes, ReadPurpose.JOB).batches();
      for (BatchView batch : some) {
        long offset = extent.hasOwnOffsets() ? batch.ownOffset() : next;
        check(offset >= next, extent, offset);
        next = offset + batch.offsets();
        check(next <= extent.lastOffset() + 1, extent, next - 1);
        ByteBuffer copy = copy(batch, offset);
        long sum = WrittenSums.ofBatch(partition, copy);
        if (extent.logAppendTimeMs() >= 0) {
          BatchCleaner.stampTime(copy, extent.logAppendTimeMs());
        }
        if (!visitor.visit(copy, sum)) {
          return false;
        }
      }
      at += some.getLast().end();
    }
    check(extent.hasOwnOffsets() || next == extent.lastOffset() + 1, extent, next - 1);
    pause(extent.length(), startedMs);
    return true;
  }

  private static ByteBuffer copy(BatchView batch, long offset) {
    ByteBuffer copy = ByteBuffer.allocate(batch.sizeInBytes());
    copy.put(batch.bytes().contiguous(batch.at(), batch.end()).duplicate()).flip();
    copy.putLong(BatchHeader.BASE_OFFSET, offset);
    return copy;
  }

  private void check(boolean fits, Extent extent, long offset) throws UncleanableException {
    if (!fits) {
      throw new UncleanableException(
          "%s: a batch at offset %d where file %d has %d to %d"
              .formatted(
                  partition, offset, extent.fileId(), extent.baseOffset(), extent.lastOffset()));
    }
  }

  private void pause(long bytes, long startedMs) throws InterruptedException {
    long dueMs = startedMs + bytes * MS_PER_SECOND / bytesPerSecond;
    long leftMs = dueMs - environment.clock().monotonicMs();
    if (leftMs > 0) {
      environment.tasks().sleepMs(leftMs);
    }
  }
}
