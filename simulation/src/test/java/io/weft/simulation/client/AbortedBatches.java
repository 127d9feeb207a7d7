package io.weft.simulation.client;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import org.apache.kafka.common.message.FetchResponseData.AbortedTransaction;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.RecordBatch;

/// Which batches of an answer belong to aborted transactions, as consumers find out: from the
/// transactions the answer lists, and the markers among its batches. Asked batch after batch.
final class AbortedBatches {
  private final PriorityQueue<AbortedTransaction> coming =
      new PriorityQueue<>(Comparator.comparingLong(AbortedTransaction::firstOffset));
  private final Set<Long> producers = new HashSet<>();
  private int passedOver;

  /// @param listed null in an answer to a reader of everything
  AbortedBatches(List<AbortedTransaction> listed) {
    if (listed != null) {
      coming.addAll(listed);
    }
  }

  boolean has(RecordBatch batch) {
    while (!coming.isEmpty() && coming.peek().firstOffset() <= batch.lastOffset()) {
      producers.add(coming.poll().producerId());
    }
    if (batch.isControlBatch()) {
      if (ControlRecordType.parse(batch.iterator().next().key()) == ControlRecordType.ABORT) {
        producers.remove(batch.producerId());
      }
      return false;
    }
    boolean aborted = batch.isTransactional() && producers.contains(batch.producerId());
    passedOver += aborted ? 1 : 0;
    return aborted;
  }

  int passedOver() {
    return passedOver;
  }
}
