package io.weft.controlplane.state.partition;

import io.weft.controlplane.api.BatchOutcomes;
import io.weft.controlplane.api.BatchOutcomes.Verdict;
import io.weft.controlplane.api.PartitionBounds;
import io.weft.controlplane.api.UploadedBatches;
import io.weft.controlplane.api.transaction.Transactions.ActiveProducer;
import io.weft.controlplane.codec.WireReader;
import io.weft.controlplane.codec.WireWriter;
import io.weft.model.AbortedRange;
import io.weft.model.BatchSums;
import io.weft.model.Extent;
import io.weft.model.Invariant;
import io.weft.model.Marker;
import io.weft.model.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/// One partition's log: its bounds, extents and markers, and producers. Owned by one thread.
public final class PartitionLog {
  /// The largest position in a file that an extent can have.
  public static final long POSITION_MAX = PackedSpan.POSITION_MAX;

  private static final byte PLACED = Verdict.PLACED.code();
  private static final OptionalLong NO_SUM = OptionalLong.empty();

  private PackedExtents extents = new PackedExtents();
  private ProducerWindows producers = new ProducerWindows();
  private final AbortedTransactions aborted = new AbortedTransactions();
  private OpenTransactions transactions = OpenTransactions.NONE;
  private long logStartOffset;
  private long highWatermark;

  /// The largest time ever given to a batch here, or -1: times never go back.
  private long lastAppendTimeMs = -1;

  public PartitionBounds bounds() {
    long lastStableOffset =
        Math.max(logStartOffset, Math.min(highWatermark, transactions.oldest()));
    return new PartitionBounds(logStartOffset, highWatermark, lastStableOffset);
  }

  public long logStartOffset() {
    return logStartOffset;
  }

  public long highWatermark() {
    return highWatermark;
  }

  /// Bytes of all extents.
  public long bytes() {
    return extents.bytes();
  }

  /// The sum of the extents that have one (see [BatchSums]).
  public long sum() {
    return extents.sum();
  }

  /// The same, added up anew.
  public long recountedSum() {
    return extents.sumOf(0, extents.count());
  }

  /// The sum of the extents that lie before an offset.
  public long sumBefore(long offset) {
    return extents.sumOf(0, extents.ceiling(offset));
  }

  public int extents() {
    return extents.extents();
  }

  /// Extents without a sum.
  public int unsummed() {
    return extents.unsummed();
  }

  ProducerWindows producers() {
    return producers;
  }

  OpenTransactions transactions() {
    return transactions;
  }

  /// The idempotent producers it remembers, by id, but no more than so many.
  public List<ActiveProducer> producers(int countMax) {
    return producers.list(transactions, countMax);
  }

  /// Decides what becomes of a run; nothing changes.
  ///
  /// @param givesTime whether batches get the time of their commit (LogAppendTime)
  public BatchOutcomes judge(
      UploadedBatches run, boolean givesTime, long nowMs, ProducerChecks checks) {
    long logAppendTimeMs = givesTime ? Math.max(lastAppendTimeMs, nowMs) : -1;
    return new RunJudge(this, run, logAppendTimeMs, nowMs, checks).outcomes();
  }

  /// What becomes of a run whose partition is not there.
  public static BatchOutcomes unknownPartition(UploadedBatches run) {
    return RunJudge.unknownPartition(run);
  }

  /// Makes the placed batches of a run part of the log: adjacent ones become one extent.
  ///
  /// @param position where the run begins in its file
  /// @return the new extents
  public List<Span> append(
      UploadedBatches run, BatchOutcomes outcomes, long fileId, long position, long nowMs) {
    List<Span> appended = new ArrayList<>(1);
    BatchSums sums = BatchSums.of(run.partition());
    long at = position;
    for (int i = 0; i < run.count(); ) {
      if (outcomes.verdicts()[i] == PLACED) {
        int end = i + 1;
        while (end < run.count() && outcomes.verdicts()[end] == PLACED) {
          end++;
        }
        Extent extent = place(run, outcomes, i, end, new FilePlace(fileId, at), nowMs);
        if (run.tellsChecksums()) {
          extents.append(extent, sum(sums, run, outcomes, i, end));
        } else {
          extents.append(extent);
        }
        appended.add(extent);
        at += extent.length();
        i = end;
      } else {
        at += run.lengths()[i++];
      }
    }
    return appended;
  }

  private static long sum(
      BatchSums sums, UploadedBatches run, BatchOutcomes outcomes, int first, int end) {
    long sum = 0;
    for (int i = first; i < end; i++) {
      sum += sums.of(outcomes.baseOffsets()[i], run.records()[i], run.checksums()[i]);
    }
    return sum;
  }

  /// Appends a marker: it takes the next offset.
  public void append(Marker marker) {
    Invariant.check(marker.offset() == highWatermark, "not the next offset: %d", marker.offset());
    extents.append(marker);
    marker.aborted().ifPresent(aborted::add);
    highWatermark++;
  }

  /// Ends a producer's transaction: its marker takes the next offset.
  ///
  /// @param ending as of now, the offsets aside
  /// @return the marker
  public Marker endTransaction(Ending ending) {
    long first = transactions.firstOffset(ending.producerId());
    Marker marker =
        new Marker(
            highWatermark,
            ending.producerId(),
            ending.producerEpoch(),
            ending.committed(),
            first < 0 ? highWatermark : first,
            ending.timeMs());
    append(marker);
    producers.end(
        ending.producerId(),
        ending.producerEpoch(),
        !ending.committed() && first >= 0,
        ending.timeMs());
    if (first >= 0) {
      transactions.remove(ending.producerId());
      if (transactions.isEmpty()) {
        transactions = OpenTransactions.NONE;
      }
    }
    return marker;
  }

  /// Makes the log begin later. An extent that reaches beyond stays whole.
  ///
  /// @return the spans that are no longer part of the log
  public List<Span> beginAt(long offset) {
    Invariant.check(
        offset > logStartOffset && offset <= highWatermark, "a log cannot begin at %d", offset);
    logStartOffset = offset;
    aborted.removeBelow(offset);
    List<Span> removed = slice(0, extents.ceiling(offset));
    extents.removeFirst(removed.size());
    return removed;
  }

  /// Whether there are exactly these extents, next to each other.
  ///
  /// @param run at least one
  public boolean holds(List<Extent> run) {
    int first = extents.ceiling(run.getFirst().baseOffset());
    return run.size() <= extents.count() - first
        && IntStream.range(0, run.size()).allMatch(i -> run.get(i).equals(extents.get(first + i)));
  }

  /// The sums of extents that it [#holds], each empty where there is none.
  public List<OptionalLong> sums(List<Extent> run) {
    int first = extents.ceiling(run.getFirst().baseOffset());
    return IntStream.range(first, first + run.size())
        .mapToObj(i -> extents.hasSum(i) ? OptionalLong.of(extents.sumOf(i, 1)) : NO_SUM)
        .toList();
  }

  /// Whether there is room for a sum of the extent.
  public static boolean hasRoomForSum(Extent extent) {
    return PackedSpan.hasRoomForSum(extent);
  }

  /// Puts extents in the place of others that it [#holds]. Bounds, markers and producers stay.
  ///
  /// @param sums of the others; empty if they have none
  public void replace(List<Extent> run, List<Extent> others, List<Long> sums) {
    Invariant.check(holds(run), "extents to replace that are not there");
    extents.replace(extents.ceiling(run.getFirst().baseOffset()), run.size(), others, sums);
  }

  /// The spans from an offset on, one at least if there are any.
  public List<Span> from(long offset, int bytesMax, int spansMax) {
    List<Span> found = new ArrayList<>();
    long bytes = 0;
    for (int i = extents.ceiling(offset); i < extents.count(); i++) {
      Span span = extents.get(i);
      found.add(span);
      bytes += span.length();
      if (bytes >= bytesMax || found.size() >= spansMax) {
        break;
      }
    }
    return found;
  }

  /// The aborted transactions whose records may lie among the offsets from `from` up to, not
  /// including, `upTo`, by where they ended.
  public List<AbortedRange> abortedAmong(long from, long upTo) {
    return aborted.concerning(from, upTo);
  }

  /// The first span whose largest timestamp is at least this, and the next ones.
  public List<Span> fromTime(long timestampMs, int spansMax) {
    return slice(extents.firstReaching(0, timestampMs), spansMax);
  }

  /// The first span that has the largest timestamp of all. Where that may be the timestamp of a
  /// record before the log's start: that span, and the first one with the largest of the others.
  /// Empty if no record has a timestamp.
  public List<Span> withLargestTime() {
    List<Span> found = new ArrayList<>(withLargestTime(0));
    if (!found.isEmpty() && found.getFirst().baseOffset() < logStartOffset) {
      found.addAll(withLargestTime(1));
    }
    return found;
  }

  private List<Span> withLargestTime(int index) {
    long max = extents.maxTimestamp(index);
    return max < 0 ? List.of() : slice(extents.firstReaching(index, max), 1);
  }

  /// How many spans at the front are older than a time: the largest timestamp of each, and those of
  /// all before it, lie before that. What has no timestamp goes with what follows it.
  public int olderThan(long timeMs) {
    int older = extents.firstReaching(0, timeMs);
    while (older > 0 && extents.get(older - 1).maxTimestampMs() < 0) {
      older--;
    }
    return older;
  }

  /// How many spans at the front, up to a limit, so many bytes can do without.
  public int beyond(long bytesKept, int spansMax) {
    return extents.beyond(bytesKept, spansMax);
  }

  public int spanCount() {
    return extents.count();
  }

  /// @param index 0 is the first span there is
  public Span span(int index) {
    return extents.get(index);
  }

  public boolean anyProducerUnusedSince(long timeMs) {
    return producers.anyUnusedSince(timeMs, transactions);
  }

  public void removeProducersUnusedSince(long timeMs) {
    producers.removeUnusedSince(timeMs, transactions);
  }

  public void write(WireWriter out) {
    out.writeVarLong(logStartOffset);
    out.writeVarLong(highWatermark);
    out.writeVarLong(lastAppendTimeMs);
    SpanRows.write(extents, out);
    producers.write(out);
    transactions.write(out);
  }

  public static PartitionLog read(WireReader in) {
    PartitionLog log = new PartitionLog();
    log.logStartOffset = in.readVarLong();
    log.highWatermark = in.readVarLong();
    log.lastAppendTimeMs = in.readVarLong();
    log.extents = SpanRows.read(in);
    log.producers = ProducerWindows.read(in);
    OpenTransactions open = OpenTransactions.read(in);
    log.transactions = open.isEmpty() ? OpenTransactions.NONE : open;
    log.indexAborted();
    return log;
  }

  private void indexAborted() {
    for (int i = 0; i < extents.count(); i++) {
      if (extents.get(i) instanceof Marker marker) {
        marker.aborted().ifPresent(aborted::add);
      }
    }
  }

  private void noteTransaction(long producerId, long offset) {
    if (transactions.isEmpty()) {
      transactions = new OpenTransactions();
    }
    transactions.note(producerId, offset);
  }

  private record FilePlace(long fileId, long position) {}

  /// The extent of batches that all have their places, each after the one before it.
  private Extent place(
      UploadedBatches run,
      BatchOutcomes outcomes,
      int first,
      int end,
      FilePlace place,
      long nowMs) {
    long baseOffset = highWatermark;
    long logAppendTimeMs = outcomes.logAppendTimesMs()[first];
    long maxTimestampMs = logAppendTimeMs;
    int length = 0;
    for (int i = first; i < end; i++) {
      long offset = outcomes.baseOffsets()[i];
      Invariant.check(offset == highWatermark, "not the next offset: %d", offset);
      highWatermark += run.records()[i];
      length = Math.addExact(length, run.lengths()[i]);
      if (logAppendTimeMs < 0) {
        maxTimestampMs = Math.max(maxTimestampMs, run.maxTimestampsMs()[i]);
      }
      if (run.producerIds()[i] >= 0) {
        producers.remember(
            producers.enter(run.producerIds()[i], run.producerEpochs()[i], nowMs),
            run.baseSequences()[i],
            run.records()[i],
            offset,
            logAppendTimeMs);
      }
      if (run.isTransactional(i)) {
        noteTransaction(run.producerIds()[i], offset);
      }
    }
    lastAppendTimeMs = Math.max(lastAppendTimeMs, logAppendTimeMs);
    return new Extent(
        place.fileId,
        place.position,
        length,
        baseOffset,
        highWatermark - 1,
        maxTimestampMs,
        logAppendTimeMs);
  }

  private List<Span> slice(int first, int count) {
    List<Span> found = new ArrayList<>();
    for (int i = first; i < extents.count() && found.size() < count; i++) {
      found.add(extents.get(i));
    }
    return found;
  }
}
