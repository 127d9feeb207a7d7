package io.weft.protocol.cleaning;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.DefaultRecordBatch;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecords.RecordFilter;
import org.apache.kafka.common.record.internal.MemoryRecords.RecordFilter.BatchRetention;
import org.apache.kafka.common.record.internal.MemoryRecords.RecordFilter.BatchRetentionResult;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.internals.BufferSupplier;
import org.apache.kafka.common.utils.internals.CloseableIterator;

/// One batch of a compacted topic, cleaned by the rules of Kafka's log cleaner. Owned by one
/// thread.
///
/// A record stays if it is the last of its key, as far as is known, or lies beyond what is known. A
/// tombstone also stays until its batch's delete horizon; a batch that keeps a tombstone without
/// one gets it (KIP-534). Records of aborted transactions go, and those without a key. What is left
/// keeps its offset, and the batch its first and last; where some records go and some stay, the
/// batch is written anew, by Kafka's own classes, with the codec it had.
///
/// Batches come with their base offsets in place.
public final class BatchCleaner {
  private static final int WRITTEN_BYTES = 4096;

  private final long nowMs;
  private final long deleteRetentionMs;
  private final int decompressedBytesMax;
  private final BufferSupplier buffers = BufferSupplier.create();

  /// Which transactional batches were aborted.
  public interface Aborted {
    boolean hold(long producerId, long offset);
  }

  /// @param nowMs what delete horizons are compared with
  /// @param deleteRetentionMs how long a tombstone stays once it is clean
  /// @param decompressedBytesMax the records of one batch may unfold to
  public BatchCleaner(long nowMs, long deleteRetentionMs, int decompressedBytesMax) {
    this.nowMs = nowMs;
    this.deleteRetentionMs = deleteRetentionMs;
    this.decompressedBytesMax = decompressedBytesMax;
  }

  /// Takes note of the keys of a dirty batch.
  ///
  /// @param dirtyFrom keys of records before this offset are known already
  /// @return whether all of them had room
  /// @throws UncleanableException if its records unfold to too much or cannot be read
  public boolean note(ByteBuffer bytes, long dirtyFrom, Aborted aborted, KeyOffsets keys)
      throws UncleanableException {
    MutableRecordBatch batch = batch(bytes);
    if (!isAborted(batch, aborted)) {
      try (CloseableIterator<Record> records =
          batch.streamingIterator(buffers, decompressedBytesMax)) {
        while (records.hasNext()) {
          Record each = records.next();
          if (each.hasKey() && each.offset() >= dirtyFrom && !keys.put(each.key(), each.offset())) {
            return false;
          }
        }
      } catch (KafkaException | IllegalArgumentException e) {
        throw unreadable(batch, e);
      }
    }
    keys.passed(batch.lastOffset());
    return true;
  }

  /// @return what is left of it; empty if nothing is
  /// @throws UncleanableException if its records unfold to too much or cannot be read
  public Optional<ByteBuffer> clean(ByteBuffer bytes, Aborted aborted, KeyOffsets keys)
      throws UncleanableException {
    MutableRecordBatch batch = batch(bytes);
    if (isAborted(batch, aborted)) {
      return Optional.empty();
    }
    try {
      ByteBuffer cleaned =
          MemoryRecords.readableRecords(bytes.duplicate())
              .filterTo(
                  new Survivors(keys),
                  ByteBuffer.allocate(Math.max(bytes.remaining(), WRITTEN_BYTES)),
                  buffers,
                  decompressedBytesMax)
              .outputBuffer()
              .flip();
      return cleaned.hasRemaining() ? Optional.of(cleaned.slice()) : Optional.empty();
    } catch (TooLargeException e) {
      throw new UncleanableException(
          "the records of the batch at offset %d unfold to more than %d bytes"
              .formatted(batch.baseOffset(), decompressedBytesMax));
    } catch (KafkaException | IllegalArgumentException e) {
      throw unreadable(batch, e);
    }
  }

  /// The same batch without records: its offsets, its producer and its times are still there.
  public static ByteBuffer emptied(ByteBuffer bytes) {
    MutableRecordBatch batch = batch(bytes);
    ByteBuffer empty = ByteBuffer.allocate(DefaultRecordBatch.RECORD_BATCH_OVERHEAD);
    DefaultRecordBatch.writeEmptyHeader(
        empty,
        batch.magic(),
        batch.producerId(),
        batch.producerEpoch(),
        batch.baseSequence(),
        batch.baseOffset(),
        batch.lastOffset(),
        batch.partitionLeaderEpoch(),
        batch.timestampType(),
        batch.maxTimestamp(),
        batch.isTransactional(),
        false);
    return empty.flip();
  }

  /// Writes the time of its commit into a batch, where its extent said it: what is cleaned says it
  /// itself.
  public static void stampTime(ByteBuffer bytes, long logAppendTimeMs) {
    batch(bytes).setMaxTimestamp(TimestampType.LOG_APPEND_TIME, logAppendTimeMs);
  }

  private static MutableRecordBatch batch(ByteBuffer bytes) {
    Iterator<MutableRecordBatch> batches =
        MemoryRecords.readableRecords(bytes.duplicate()).batches().iterator();
    return batches.next();
  }

  private static boolean isAborted(RecordBatch batch, Aborted aborted) {
    return batch.isTransactional() && aborted.hold(batch.producerId(), batch.baseOffset());
  }

  private static UncleanableException unreadable(RecordBatch batch, RuntimeException e) {
    return new UncleanableException(
        "the records of the batch at offset %d cannot be read: %s"
            .formatted(batch.baseOffset(), e.getMessage()));
  }

  private final class Survivors extends RecordFilter {
    private final KeyOffsets keys;
    private long bytes;

    Survivors(KeyOffsets keys) {
      super(BatchCleaner.this.nowMs, BatchCleaner.this.deleteRetentionMs);
      this.keys = keys;
    }

    @Override
    protected BatchRetentionResult checkBatchRetention(RecordBatch batch) {
      return new BatchRetentionResult(BatchRetention.DELETE_EMPTY, false);
    }

    @Override
    protected boolean shouldRetainRecord(RecordBatch batch, Record each) {
      boolean stays = stays(batch, each);
      if (stays) {
        bytes += each.sizeInBytes();
        if (bytes > decompressedBytesMax) {
          throw new TooLargeException();
        }
      }
      return stays;
    }

    private boolean stays(RecordBatch batch, Record each) {
      if (each.offset() > keys.lastOffset()) {
        return true;
      }
      if (!each.hasKey() || each.offset() < keys.offsetOf(each.key())) {
        return false;
      }
      return each.hasValue()
          || batch.deleteHorizonMs().isEmpty()
          || nowMs < batch.deleteHorizonMs().getAsLong();
    }
  }

  /// Never leaves this class.
  private static final class TooLargeException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }
}
