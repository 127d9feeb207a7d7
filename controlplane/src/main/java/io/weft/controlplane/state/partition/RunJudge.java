package io.weft.controlplane.state.partition;

import io.weft.controlplane.api.BatchOutcomes;
import io.weft.controlplane.api.BatchOutcomes.Verdict;
import io.weft.controlplane.api.UploadedBatches;
import java.util.Arrays;

/// Decides what becomes of one run of batches, without touching the log they are meant for. Used
/// once, by one thread.
///
/// A batch sees those before it in the run: what they would leave in the producers' windows is kept
/// in a draft.
final class RunJudge {
  private final PartitionLog log;
  private final UploadedBatches run;
  private final long logAppendTimeMs;
  private final long nowMs;
  private final long producerIdsIssuedBelow;
  private final ProducerWindows draft = new ProducerWindows();
  private final byte[] verdicts;
  private final long[] baseOffsets;
  private final long[] logAppendTimesMs;
  private long nextOffset;

  /// @param logAppendTimeMs the time all placed batches get, or -1 to leave them theirs
  /// @param producerIdsIssuedBelow ids from here on were not given out by this cluster
  RunJudge(
      PartitionLog log,
      UploadedBatches run,
      long logAppendTimeMs,
      long nowMs,
      long producerIdsIssuedBelow) {
    this.log = log;
    this.run = run;
    this.logAppendTimeMs = logAppendTimeMs;
    this.nowMs = nowMs;
    this.producerIdsIssuedBelow = producerIdsIssuedBelow;
    this.verdicts = new byte[run.count()];
    this.baseOffsets = new long[run.count()];
    this.logAppendTimesMs = new long[run.count()];
    this.nextOffset = log.highWatermark();
    Arrays.fill(baseOffsets, -1);
    Arrays.fill(logAppendTimesMs, -1);
  }

  BatchOutcomes outcomes() {
    for (int i = 0; i < verdicts.length; i++) {
      verdicts[i] = judge(i).code();
    }
    return new BatchOutcomes(verdicts, baseOffsets, logAppendTimesMs, log.logStartOffset());
  }

  /// Every batch of a partition that is not there.
  static BatchOutcomes unknownPartition(UploadedBatches run) {
    byte[] verdicts = new byte[run.count()];
    long[] none = new long[run.count()];
    Arrays.fill(verdicts, Verdict.UNKNOWN_PARTITION.code());
    Arrays.fill(none, -1);
    return new BatchOutcomes(verdicts, none, none.clone(), -1);
  }

  private Verdict judge(int batch) {
    if (run.transactional()[batch]) {
      return Verdict.INVALID_TRANSACTION_STATE;
    }
    long producerId = run.producerIds()[batch];
    if (producerId < 0) {
      place(batch);
      return Verdict.PLACED;
    }
    short epoch = run.producerEpochs()[batch];
    int baseSequence = run.baseSequences()[batch];
    int records = run.records()[batch];
    if (epoch < 0) {
      return Verdict.INVALID_PRODUCER_EPOCH;
    }
    if (baseSequence < 0) {
      return Verdict.OUT_OF_ORDER_SEQUENCE;
    }
    int row = draft.find(producerId);
    if (row < 0) {
      row = draft.copy(log.producers(), producerId);
    }
    if (row >= 0) {
      int repeated = draft.repeated(row, epoch, baseSequence, records);
      if (repeated >= 0) {
        baseOffsets[batch] = draft.baseOffset(row, repeated);
        logAppendTimesMs[batch] = draft.logAppendTimeMs(row, repeated);
        return Verdict.DUPLICATE;
      }
      Verdict verdict = draft.judge(row, epoch, baseSequence, records);
      if (verdict != Verdict.PLACED) {
        return verdict;
      }
    } else if (baseSequence != 0 && isNew(producerId)) {
      // Its first batch is still on the way: in a file of another agent, or again after one that
      // was not uploaded. If this one came before it, it could not be placed any more.
      return Verdict.OUT_OF_ORDER_SEQUENCE;
    }
    place(batch);
    draft.remember(
        draft.enter(producerId, epoch, nowMs),
        baseSequence,
        records,
        baseOffsets[batch],
        logAppendTimeMs);
    return Verdict.PLACED;
  }

  /// Whether this producer has surely placed nothing here yet. Of one that is not ours nobody
  /// knows; as with Kafka it may begin anywhere.
  private boolean isNew(long producerId) {
    return producerId < producerIdsIssuedBelow && !log.producers().mayBeForgotten(producerId);
  }

  private void place(int batch) {
    baseOffsets[batch] = nextOffset;
    logAppendTimesMs[batch] = logAppendTimeMs;
    nextOffset = Math.addExact(nextOffset, run.records()[batch]);
  }
}
