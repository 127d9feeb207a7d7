package io.weft.controlplane.state.partition;

import io.weft.controlplane.api.BatchOutcomes;
import io.weft.controlplane.api.BatchOutcomes.Verdict;
import io.weft.controlplane.api.UploadedBatches;
import io.weft.controlplane.state.partition.TransactionGate.Sender;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

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
  private final ProducerChecks checks;

  /// Producers that open their transaction with a batch of this run.
  private final Set<Long> opening = new HashSet<>(0);

  private final ProducerWindows draft = new ProducerWindows();
  private final byte[] verdicts;
  private final long[] baseOffsets;
  private final long[] logAppendTimesMs;
  private long nextOffset;

  /// @param logAppendTimeMs the time all placed batches get, or -1 to leave them theirs
  RunJudge(
      PartitionLog log,
      UploadedBatches run,
      long logAppendTimeMs,
      long nowMs,
      ProducerChecks checks) {
    this.log = log;
    this.run = run;
    this.logAppendTimeMs = logAppendTimeMs;
    this.nowMs = nowMs;
    this.checks = checks;
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
    long producerId = run.producerIds()[batch];
    short epoch = run.producerEpochs()[batch];
    if (producerId < 0) {
      if (run.isTransactional(batch)) {
        return Verdict.UNKNOWN_PRODUCER;
      }
      place(batch);
      return Verdict.PLACED;
    }
    if (epoch < 0) {
      return Verdict.INVALID_PRODUCER_EPOCH;
    }
    Verdict ofTransaction = judgeTransaction(batch, producerId, epoch);
    return ofTransaction == Verdict.UNKNOWN_PRODUCER
            || ofTransaction == Verdict.INVALID_PRODUCER_EPOCH
        ? ofTransaction
        : judgeSequence(batch, producerId, epoch, ofTransaction);
  }

  private Verdict judgeTransaction(int batch, long producerId, short epoch) {
    TransactionGate gate = checks.transactions();
    if (run.isTransactional(batch)) {
      boolean adds = run.transactions()[batch] == UploadedBatches.ADDS_ITSELF;
      Sender sender = new Sender(run.transactionalId(batch), producerId, epoch);
      return gate.judge(sender, run.partition(), adds);
    }
    if (gate.isFenced(producerId, epoch)) {
      return Verdict.INVALID_PRODUCER_EPOCH;
    }
    return log.transactions().contains(producerId) || opening.contains(producerId)
        ? Verdict.INVALID_TRANSACTION_STATE
        : Verdict.PLACED;
  }

  /// @param ofTransaction what a batch gets that is placed by its sequence and repeats none
  private Verdict judgeSequence(int batch, long producerId, short epoch, Verdict ofTransaction) {
    int baseSequence = run.baseSequences()[batch];
    int records = run.records()[batch];
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
    }
    if (ofTransaction != Verdict.PLACED) {
      return ofTransaction;
    }
    if (row >= 0) {
      Verdict verdict = draft.judge(row, epoch, baseSequence, records);
      if (verdict != Verdict.PLACED) {
        return verdict;
      }
    } else if (baseSequence != 0
        && isNew(producerId)
        && !checks.former().leadUpTo(producerId, epoch, baseSequence)) {
      // Its first batch is still on the way: in a file of another agent, or again after one that
      // was not uploaded. If this one came before it, it could not be placed any more.
      return Verdict.OUT_OF_ORDER_SEQUENCE;
    }
    place(batch);
    if (run.isTransactional(batch) && opening.add(producerId)) {
      checks.transactions().placed(producerId, run.partition());
    }
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
    return producerId < checks.producerIdsIssuedBelow()
        && !log.producers().mayBeForgotten(producerId);
  }

  private void place(int batch) {
    baseOffsets[batch] = nextOffset;
    logAppendTimesMs[batch] = logAppendTimeMs;
    nextOffset = Math.addExact(nextOffset, run.records()[batch]);
  }
}
