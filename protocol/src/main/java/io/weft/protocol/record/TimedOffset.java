package io.weft.protocol.record;

import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.utils.internals.BufferSupplier;
import org.apache.kafka.common.utils.internals.CloseableIterator;

/// A record's place and time, found in a stored batch whose CRC was verified. Keys and values are
/// passed over; a compressed batch is read as a stream, nothing is held but one block of it.
public record TimedOffset(long offset, long timestampMs) {
  /// The first record of the batch, at `offsetMin` or later, whose time is `timestampMs` or later.
  ///
  /// @param baseOffset the batch's place in the log
  /// @throws CorruptBatchException if its records cannot be read
  public static Optional<TimedOffset> firstSince(
      BatchView batch, long baseOffset, long timestampMs, long offsetMin) {
    if (batch.maxTimestampMs() < timestampMs) {
      return Optional.empty();
    }
    MutableRecordBatch records = readable(batch, baseOffset);
    try (CloseableIterator<Record> iterator =
        records.skipKeyValueIterator(BufferSupplier.NO_CACHING)) {
      while (iterator.hasNext()) {
        Record record = iterator.next();
        if (record.timestamp() >= timestampMs && record.offset() >= offsetMin) {
          return Optional.of(new TimedOffset(record.offset(), record.timestamp()));
        }
      }
      return Optional.empty();
    } catch (KafkaException | IllegalArgumentException unreadable) {
      throw new CorruptBatchException(batch.at(), "unreadable records: " + unreadable.getMessage());
    }
  }

  private static MutableRecordBatch readable(BatchView batch, long baseOffset) {
    StampedRecords one = new StampedRecords.Builder().add(batch, baseOffset).build();
    return MemoryRecords.readableRecords(one.copied()).batches().iterator().next();
  }
}
