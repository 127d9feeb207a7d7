package io.weft.simulation.client;

import io.weft.history.Action;
import io.weft.history.Recorder;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;

/// A batch a producer wants to have in the log, and how far it is. Owned by its producer.
final class ProducerBatch {
  private final TopicPartition partition;
  private final long timeMs;
  private final List<Action.Send> sends;
  private final List<Integer> ops;
  private final Identity identity;
  private final int baseSequence;
  int attempts;
  long notBeforeMs;

  /// Whether everything before it was acknowledged when it was sent last.
  boolean sentAsNext;

  /// @param process the client's number in the history
  record Identity(int process, long id, short epoch) {
    boolean isIdempotent() {
      return id != RecordBatch.NO_PRODUCER_ID;
    }
  }

  ProducerBatch(
      TopicPartition partition,
      List<Long> values,
      Identity identity,
      int baseSequence,
      long timeMs,
      Recorder recorder) {
    this.partition = partition;
    this.identity = identity;
    this.baseSequence = baseSequence;
    this.timeMs = timeMs;
    this.sends =
        values.stream().map(value -> new Action.Send(partition.toString(), value)).toList();
    this.ops = sends.stream().map(send -> recorder.invoke(identity.process(), send)).toList();
  }

  TopicPartition partition() {
    return partition;
  }

  Identity identity() {
    return identity;
  }

  int baseSequence() {
    return baseSequence;
  }

  int lastSequence() {
    return baseSequence + sends.size() - 1;
  }

  long lastOffset(long baseOffset) {
    return baseOffset + sends.size() - 1;
  }

  MemoryRecords records(Compression compression) {
    SimpleRecord[] records =
        sends.stream()
            .map(send -> new SimpleRecord(timeMs, Payload.of(send.value())))
            .toArray(SimpleRecord[]::new);
    return identity.isIdempotent()
        ? MemoryRecords.withIdempotentRecords(
            compression, identity.id(), identity.epoch(), baseSequence, records)
        : MemoryRecords.withRecords(compression, records);
  }

  /// @param baseOffset -1 if it is not known
  void acked(long baseOffset, Recorder recorder) {
    for (int i = 0; i < ops.size(); i++) {
      recorder.ok(ops.get(i), baseOffset < 0 ? sends.get(i) : sends.get(i).at(baseOffset + i));
    }
  }

  void failed(Recorder recorder) {
    for (int i = 0; i < ops.size(); i++) {
      recorder.fail(ops.get(i), sends.get(i));
    }
  }
}
