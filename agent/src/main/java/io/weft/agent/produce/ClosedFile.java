package io.weft.agent.produce;

import io.weft.controlplane.api.BatchOutcomes;
import io.weft.controlplane.api.FileOutcome;
import io.weft.controlplane.api.UploadedBatches;
import io.weft.model.Invariant;
import io.weft.model.PartitionId;
import io.weft.storage.file.PartitionRun;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A file's batches, by partition order, and the appends that wait for them. Immutable.
///
/// @param load of all batches together
/// @param openedMs monotonic time of the first append
/// @param onReleased told once the file is settled and nobody reads its bytes
record ClosedFile(
    List<GatheredRun> runs,
    List<PendingAppend> appends,
    ProduceAppend.Load load,
    long openedMs,
    Runnable onReleased) {
  List<PartitionRun> toPartitionRuns() {
    return runs.stream().map(GatheredRun::toPartitionRun).toList();
  }

  List<UploadedBatches> toUploadedBatches() {
    return runs.stream().map(GatheredRun::toUploadedBatches).toList();
  }

  /// Tells every append what became of its batches.
  void judge(FileOutcome.Committed committed) {
    List<BatchOutcomes> partitions = committed.partitions();
    Invariant.check(partitions.size() == runs.size(), "outcomes of %d runs", partitions.size());
    Map<PartitionId, BatchOutcomes> judged = HashMap.newHashMap(runs.size());
    for (int i = 0; i < runs.size(); i++) {
      BatchOutcomes outcomes = partitions.get(i);
      Invariant.check(
          outcomes.count() == runs.get(i).count(), "outcomes of %d batches", outcomes.count());
      judged.put(runs.get(i).partition(), outcomes);
    }
    for (PendingAppend append : appends) {
      append.judge(judged);
    }
  }

  /// Tells every append the same.
  void refuse(ProduceOutcome outcome) {
    for (PendingAppend append : appends) {
      append.refuse(outcome);
    }
  }

  /// Counts the requests' bytes until [#letGo], however early the file is released.
  void hold() {
    appends.forEach(append -> append.append().share().retain());
  }

  void letGo() {
    appends.forEach(PendingAppend::release);
  }

  /// Gives the requests' bytes back. Called once, when nobody reads them any more.
  void release() {
    for (PendingAppend append : appends) {
      append.release();
    }
    onReleased.run();
  }
}
