package io.weft.protocol.record;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.apache.kafka.common.record.internal.BaseRecords;

/// What a fetch answers for one partition: stored batches under heads that say their offsets.
/// Immutable.
///
/// A batch goes out as a small head of its own and a slice of what is stored, never copied. The
/// head is what lies outside the batch's CRC (base offset, length, leader epoch); where the log
/// gave the time (LogAppendTime) it reaches to the end of the fixed head, since attributes and
/// maximum timestamp lie inside the CRC, which is then computed again over bytes that were
/// verified.
///
/// The leader epoch is the same constant everywhere, so that every agent answers the same bytes.
public final class StampedRecords implements BaseRecords {
  /// Written into every batch.
  public static final int LEADER_EPOCH = 0;

  public static final StampedRecords EMPTY = new StampedRecords(List.of(), 0, -1);

  private static final int HEAD_BYTES = BatchHeader.MAGIC;

  /// A producer's id, its epoch, a sequence or a time, where there is none.
  private static final int NO_NUMBER = -1;

  private final List<ByteBuffer> parts;
  private final int sizeInBytes;
  private final long end;

  private StampedRecords(List<ByteBuffer> parts, int sizeInBytes, long end) {
    this.parts = parts;
    this.sizeInBytes = sizeInBytes;
    this.end = end;
  }

  @Override
  public int sizeInBytes() {
    return sizeInBytes;
  }

  @Override
  public StampedSend toSend() {
    return new StampedSend(this);
  }

  /// The offset after the last batch, or -1 if there is none.
  public long end() {
    return end;
  }

  /// Fresh read-only views, in order.
  List<ByteBuffer> parts() {
    return parts.stream().map(ByteBuffer::asReadOnlyBuffer).toList();
  }

  /// All of it in one new buffer: for readers of records on this side, not for answers.
  public ByteBuffer copied() {
    ByteBuffer copy = ByteBuffer.allocate(sizeInBytes);
    parts().forEach(copy::put);
    return copy.flip();
  }

  /// Gathers batches in offset order. Owned by one thread.
  public static final class Builder {
    private final List<ByteBuffer> parts = new ArrayList<>();
    private int sizeInBytes;
    private long end = -1;

    public int sizeInBytes() {
      return sizeInBytes;
    }

    public boolean isEmpty() {
      return sizeInBytes == 0;
    }

    /// Adds a batch whose records keep the times their producer gave them.
    public Builder add(BatchView batch, long baseOffset) {
      ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES);
      stamp(head, batch, baseOffset);
      append(head.flip(), batch, HEAD_BYTES);
      end = baseOffset + batch.offsets();
      return this;
    }

    /// Adds a batch of a LogAppendTime topic. Its CRC must have been verified, else damage would
    /// get a good CRC here.
    ///
    /// @param appendTimeMs the time of all its records
    public Builder addTimed(BatchView batch, long baseOffset, long appendTimeMs) {
      ByteBuffer head = batch.bytes().copy(batch.at(), batch.at() + BatchHeader.BYTES);
      stamp(head, batch, baseOffset);
      head.putShort(
          BatchHeader.ATTRIBUTES, (short) (batch.attributes() | BatchHeader.LOG_APPEND_TIME_BIT));
      head.putLong(BatchHeader.MAX_TIMESTAMP, appendTimeMs);
      CRC32C crc = new CRC32C();
      crc.update(head.duplicate().position(BatchHeader.ATTRIBUTES));
      batch.bytes().addTo(crc, batch.at() + BatchHeader.BYTES, batch.end());
      head.putInt(BatchHeader.CRC, (int) crc.getValue());
      append(head.position(0), batch, BatchHeader.BYTES);
      end = baseOffset + batch.offsets();
      return this;
    }

    /// Adds the control batch of a transaction's end.
    public Builder addMarker(
        long offset, long producerId, short producerEpoch, boolean committed, long timeMs) {
      parts.add(MarkerBatch.of(offset, producerId, producerEpoch, committed, timeMs));
      sizeInBytes = Math.addExact(sizeInBytes, MarkerBatch.BYTES);
      end = offset + 1;
      return this;
    }

    /// Adds a batch without records, [BatchHeader#BYTES] long, in the place of a record that was
    /// removed: it carries a reader beyond it where there is no other batch to do so.
    public Builder addEmpty(long offset) {
      parts.add(emptyBatch(offset));
      sizeInBytes = Math.addExact(sizeInBytes, BatchHeader.BYTES);
      end = offset + 1;
      return this;
    }

    public StampedRecords build() {
      return isEmpty() ? EMPTY : new StampedRecords(List.copyOf(parts), sizeInBytes, end);
    }

    private static void stamp(ByteBuffer head, BatchView batch, long baseOffset) {
      head.putLong(baseOffset)
          .putInt(batch.sizeInBytes() - BatchHeader.LENGTH_OVERHEAD)
          .putInt(LEADER_EPOCH);
    }

    private void append(ByteBuffer head, BatchView batch, int headBytes) {
      sizeInBytes = Math.addExact(sizeInBytes, batch.sizeInBytes());
      parts.add(head);
      parts.addAll(batch.bytes().parts(batch.at() + headBytes, batch.end()));
    }
  }

  /// As Kafka's log cleaner leaves one.
  private static ByteBuffer emptyBatch(long offset) {
    ByteBuffer batch = ByteBuffer.allocate(BatchHeader.BYTES);
    batch
        .putLong(offset)
        .putInt(BatchHeader.BYTES - BatchHeader.LENGTH_OVERHEAD)
        .putInt(LEADER_EPOCH)
        .put(BatchHeader.MAGIC_V2)
        .putInt(0) // the CRC, once the rest is there
        .putShort((short) 0)
        .putInt(0)
        .putLong(NO_NUMBER)
        .putLong(NO_NUMBER)
        .putLong(NO_NUMBER)
        .putShort((short) NO_NUMBER)
        .putInt(NO_NUMBER)
        .putInt(0)
        .flip();
    CRC32C crc = new CRC32C();
    crc.update(batch.duplicate().position(BatchHeader.ATTRIBUTES));
    return batch.putInt(BatchHeader.CRC, (int) crc.getValue());
  }
}
