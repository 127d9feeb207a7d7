package io.weft.agent.produce;

import io.weft.controlplane.api.BatchOutcomes;
import io.weft.environment.Pending;
import io.weft.model.PartitionId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/// One append, where its batches lie in the file they went into, and the outcome that its sender
/// waits for. Immutable except for the pending outcome.
///
/// @param rows for each batch, its row in its partition's run
record PendingAppend(ProduceAppend append, int[] rows, Pending<List<ProduceOutcome>> outcomes) {
  /// Every batch gets its own verdict.
  void judge(Map<PartitionId, BatchOutcomes> judged) {
    List<ProduceOutcome> each = new ArrayList<>(rows.length);
    for (int i = 0; i < rows.length; i++) {
      BatchOutcomes run = judged.get(append.batches().get(i).partition());
      int row = rows[i];
      each.add(
          new ProduceOutcome.Judged(
              run.verdict(row),
              run.baseOffsets()[row],
              run.logAppendTimesMs()[row],
              run.logStartOffset()));
    }
    outcomes.complete(each);
  }

  /// Every batch gets this outcome.
  void refuse(ProduceOutcome outcome) {
    outcomes.complete(Collections.nCopies(rows.length, outcome));
  }

  void release() {
    append.share().release();
  }
}
