package io.weft.simulation.client;

import io.weft.history.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.Records;
import org.apache.kafka.common.requests.FetchResponse;

/// Takes fetched bytes apart as a consumer does.
final class Fetches {
  static final int PARTITION_BYTES_MAX = 50_000;

  private Fetches() {}

  /// @param run empty if there was nothing new
  /// @param next the offset to ask for next
  /// @param aborted how many batches were passed over since their transactions were aborted
  record Given(Optional<Action.Run> run, long next, int aborted) {}

  /// An answer that lists aborted transactions, if only none, is one to a reader of what is
  /// committed.
  static Given given(TopicPartition partition, long position, PartitionData answer, Notes notes) {
    List<Long> offsets = new ArrayList<>();
    List<Long> values = new ArrayList<>();
    AbortedBatches aborted = new AbortedBatches(answer.abortedTransactions());
    long next = position;
    Records records = FetchResponse.recordsOrFail(answer);
    try {
      for (RecordBatch batch : records.batches()) {
        batch.ensureValid();
        bounds(partition, batch, answer, notes);
        next = Math.max(next, batch.nextOffset());
        if (aborted.has(batch) || batch.isControlBatch()) {
          continue;
        }
        for (Record record : batch) {
          if (record.offset() >= position) {
            offsets.add(record.offset());
            values.add(value(partition, record, notes));
          }
        }
      }
    } catch (CorruptRecordException | InvalidRecordException e) {
      notes.complain("%s at %d gave a corrupt batch: %s", partition, next, e.getMessage());
    }
    if (offsets.isEmpty()) {
      return new Given(Optional.empty(), next, aborted.passedOver());
    }
    notes.saw(values.getLast());
    return new Given(
        Optional.of(
            new Action.Run(
                partition.toString(),
                offsets.stream().mapToLong(Long::longValue).toArray(),
                values.stream().mapToLong(Long::longValue).toArray())),
        next,
        aborted.passedOver());
  }

  private static void bounds(
      TopicPartition partition, RecordBatch batch, PartitionData answer, Notes notes) {
    if (batch.lastOffset() >= answer.highWatermark()) {
      notes.complain(
          "%s gave offset %d, its high watermark is %d",
          partition, batch.lastOffset(), answer.highWatermark());
    }
    if (answer.abortedTransactions() != null && batch.lastOffset() >= answer.lastStableOffset()) {
      notes.complain(
          "%s gave offset %d as committed, its last stable offset is %d",
          partition, batch.lastOffset(), answer.lastStableOffset());
    }
  }

  private static long value(TopicPartition partition, Record record, Notes notes) {
    OptionalLong value = Payload.value(record.value());
    if (value.isEmpty()) {
      notes.complain("%s at %d is no value anybody sends", partition, record.offset());
    }
    return value.orElse(-1);
  }
}
