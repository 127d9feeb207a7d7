package io.weft.agent.fetch;

import io.weft.model.AbortedRange;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.PriorityQueue;
import java.util.SequencedMap;
import java.util.Set;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;

/// What a client's reader of committed records makes of one answer (KIP-98): it takes an aborted
/// transaction up at the first batch that reaches it, passes its producer's transactional batches
/// over from there, and lets go of it at its abort marker.
///
/// @param values offset → value of what the application sees
/// @param next the offset to go on at
/// @param batches offset → producer id of each batch in the answer
record CommittedReader(
    SequencedMap<Long, String> values, long next, SequencedMap<Long, Long> batches) {
  static CommittedReader of(Fetched fetched, long from, Isolation isolation) {
    Fetched.Records answer = (Fetched.Records) fetched;
    PriorityQueue<AbortedRange> coming =
        new PriorityQueue<>(Comparator.comparingLong(AbortedRange::firstOffset));
    coming.addAll(answer.aborted());
    Set<Long> passedOver = new HashSet<>();
    SequencedMap<Long, String> values = new LinkedHashMap<>();
    SequencedMap<Long, Long> batches = new LinkedHashMap<>();
    long next = from;
    for (MutableRecordBatch batch :
        MemoryRecords.readableRecords(answer.records().copied()).batches()) {
      batch.ensureValid();
      batches.put(batch.baseOffset(), batch.producerId());
      next = batch.nextOffset();
      while (!coming.isEmpty() && coming.peek().firstOffset() <= batch.lastOffset()) {
        passedOver.add(coming.poll().producerId());
      }
      if (batch.isControlBatch()) {
        Record marker = batch.iterator().next();
        if (ControlRecordType.parse(marker.key()) == ControlRecordType.ABORT) {
          passedOver.remove(batch.producerId());
        }
      } else if (isolation == Isolation.READ_UNCOMMITTED
          || !batch.isTransactional()
          || !passedOver.contains(batch.producerId())) {
        for (Record record : batch) {
          if (record.offset() >= from) {
            values.put(record.offset(), StandardCharsets.UTF_8.decode(record.value()).toString());
          }
        }
      }
    }
    return new CommittedReader(values, next, batches);
  }
}
