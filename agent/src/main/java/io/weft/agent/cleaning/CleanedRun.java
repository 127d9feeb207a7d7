package io.weft.agent.cleaning;

import io.weft.agent.compaction.WrittenSums;
import io.weft.model.Extent;
import io.weft.model.PartitionId;
import io.weft.protocol.cleaning.BatchCleaner;
import io.weft.protocol.record.BatchHeader;
import io.weft.protocol.record.BatchView;
import io.weft.storage.file.StoredBatch;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Extents of one partition that follow each other without a marker between them, and what is left
/// of their batches: one at least, which has no records if nothing is left. Owned by one thread.
final class CleanedRun {
  private final PartitionId partition;
  private final int extentBytesMax;
  private final long logStartOffset;
  private final List<Extent> before = new ArrayList<>();
  private final List<StoredBatch> batches = new ArrayList<>();
  private final List<Part> parts = new ArrayList<>();
  private Optional<ByteBuffer> last = Optional.empty();
  private int seen;
  private boolean altered;
  private long bytes;
  private long offsets;
  private long removed;

  /// What becomes one extent.
  private static final class Part {
    private final long baseOffset;
    private long lastOffset;
    private int length;
    private long maxTimestampMs = -1;

    Part(long baseOffset) {
      this.baseOffset = baseOffset;
    }
  }

  /// @param logStartOffset no extent may end before it
  CleanedRun(PartitionId partition, int extentBytesMax, long logStartOffset) {
    this.partition = partition;
    this.extentBytesMax = extentBytesMax;
    this.logStartOffset = logStartOffset;
  }

  void begin(Extent extent) {
    before.add(extent);
  }

  /// @param batch of the extent that began last, with its base offset
  /// @param sum what it counts as where it is stored
  /// @param left of it
  void add(ByteBuffer batch, long sum, Optional<ByteBuffer> left) {
    seen++;
    removed += sum;
    last = Optional.of(batch);
    boolean isSame = left.filter(batch::equals).isPresent();
    altered |= !isSame && batch.getInt(BatchHeader.RECORD_COUNT) > 0;
    left.ifPresent(this::keep);
  }

  /// To be called when it has all its batches, before anything is asked of it.
  void end() {
    if (batches.isEmpty()) {
      keep(BatchCleaner.emptied(last.orElseThrow()));
    }
    parts.getLast().lastOffset = before.getLast().lastOffset();
  }

  /// Bytes it holds.
  long bytes() {
    return bytes;
  }

  /// Offsets that its batches take.
  long offsets() {
    return offsets;
  }

  int extents() {
    return before.size();
  }

  /// Whether putting what is left in the place of what was changes anything.
  boolean isChanged() {
    return altered || batches.size() != seen || !before.stream().allMatch(Extent::hasOwnOffsets);
  }

  /// The sum of what was read and is not kept as it was, less that of what is kept in its place.
  long removed() {
    return removed;
  }

  List<Extent> before() {
    return before;
  }

  List<StoredBatch> batches() {
    return batches;
  }

  /// @param position where its batches begin in the file
  List<Extent> after(long fileId, long position) {
    List<Extent> after = new ArrayList<>(parts.size());
    long at = position;
    for (Part part : parts) {
      after.add(
          new Extent(
              fileId,
              at,
              part.length,
              part.baseOffset,
              part.lastOffset,
              part.maxTimestampMs,
              -1,
              Extent.Offsets.OWN));
      at += part.length;
    }
    return after;
  }

  private void keep(ByteBuffer left) {
    // What it was cut out of is not held.
    ByteBuffer batch = ByteBuffer.allocate(left.remaining()).put(left.duplicate()).flip();
    long offset = batch.getLong(BatchHeader.BASE_OFFSET);
    BatchView.stampOwnOffset(batch, 0, offset);
    removed -= WrittenSums.ofBatch(partition, batch);
    int offsets = BatchHeader.lastOffsetDelta(batch, 0) + 1;
    long maxTimestampMs = batch.getLong(BatchHeader.MAX_TIMESTAMP);
    Part part = partFor(offset, batch.remaining());
    part.length += batch.remaining();
    part.lastOffset = offset + offsets - 1;
    part.maxTimestampMs = Math.max(part.maxTimestampMs, maxTimestampMs);
    batches.add(new StoredBatch(batch, offsets, maxTimestampMs, maxTimestampMs));
    bytes += batch.remaining();
    this.offsets += offsets;
  }

  private Part partFor(long offset, int length) {
    if (parts.isEmpty()) {
      parts.add(new Part(before.getFirst().baseOffset()));
    }
    Part part = parts.getLast();
    boolean isFull = part.length > 0 && (long) part.length + length > extentBytesMax;
    if (isFull && part.lastOffset >= logStartOffset) {
      part.lastOffset = offset - 1;
      part = new Part(offset);
      parts.add(part);
    }
    return part;
  }
}
