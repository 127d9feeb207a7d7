package io.weft.agent.fetch;

import io.weft.controlplane.api.file.Compactions.SwappedRun;
import io.weft.model.BatchSums;
import io.weft.model.Extent;
import io.weft.model.PartitionId;
import io.weft.storage.file.FilePlace;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;

/// What extents add up to, from their bytes in the store, read by Kafka's classes. Stateless.
final class StoredSums {
  private StoredSums() {}

  static long of(TestStore store, PartitionId partition, Extent extent) {
    ByteBuffer bytes = ByteBuffer.allocate(extent.length());
    store.read(FilePlace.of(extent.fileId()).key(), extent.position(), bytes);
    long sum = 0;
    long next = extent.baseOffset();
    for (MutableRecordBatch batch : MemoryRecords.readableRecords(bytes.rewind()).batches()) {
      int offsets = (int) (batch.lastOffset() - batch.baseOffset() + 1);
      long offset = extent.hasOwnOffsets() ? batch.baseOffset() : next;
      sum += BatchSums.of(partition).of(offset, offsets, (int) batch.checksum());
      next = offset + offsets;
    }
    return sum;
  }

  /// Whether a job has told the sums of what it wrote, and what it removed, as a control plane has
  /// to see it that knows those of what was there.
  static boolean addUp(TestStore store, SwappedRun run) {
    List<Long> after =
        run.after().stream().map(extent -> of(store, run.partition(), extent)).toList();
    long before =
        run.before().stream().mapToLong(extent -> of(store, run.partition(), extent)).sum();
    long told = run.sums().stream().mapToLong(Long::longValue).sum();
    return run.sums().equals(after) && before == told + run.removed();
  }
}
