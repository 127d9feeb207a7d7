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
  record Given(Optional<Action.Run> run, long next) {}

  static Given given(TopicPartition partition, long position, PartitionData answer, Notes notes) {
    List<Long> offsets = new ArrayList<>();
    List<Long> values = new ArrayList<>();
    long next = position;
    Records records = FetchResponse.recordsOrFail(answer);
    try {
      for (RecordBatch batch : records.batches()) {
        batch.ensureValid();
        if (batch.lastOffset() >= answer.highWatermark()) {
          notes.complain(
              "%s gave offset %d, its high watermark is %d",
              partition, batch.lastOffset(), answer.highWatermark());
        }
        for (Record record : batch) {
          if (record.offset() >= position) {
            offsets.add(record.offset());
            values.add(value(partition, record, notes));
          }
        }
        next = batch.nextOffset();
      }
    } catch (CorruptRecordException | InvalidRecordException e) {
      notes.complain("%s at %d gave a corrupt batch: %s", partition, next, e.getMessage());
    }
    if (offsets.isEmpty()) {
      return new Given(Optional.empty(), position);
    }
    notes.saw(values.getLast());
    return new Given(
        Optional.of(
            new Action.Run(
                partition.toString(),
                offsets.stream().mapToLong(Long::longValue).toArray(),
                values.stream().mapToLong(Long::longValue).toArray())),
        next);
  }

  private static long value(TopicPartition partition, Record record, Notes notes) {
    OptionalLong value = Payload.value(record.value());
    if (value.isEmpty()) {
      notes.complain("%s at %d is no value anybody sends", partition, record.offset());
    }
    return value.orElse(-1);
  }
}
