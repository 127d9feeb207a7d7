package io.weft.controlplane.state;

import io.weft.controlplane.api.UploadedBatches;
import io.weft.model.Extent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// One partition's log as simple as can be: every batch ever placed, looked through from the start.
final class NaiveLog {
  record Sent(short epoch, int sequence, int records, long offset, long time, long atMs) {
    /// The sequence of each record.
    List<Integer> sequences() {
      List<Integer> all = new ArrayList<>();
      int next = sequence;
      for (int i = 0; i < records; i++) {
        all.add(next);
        next = next == Integer.MAX_VALUE ? 0 : next + 1;
      }
      return all;
    }
  }

  final List<Extent> extents = new ArrayList<>();

  /// Nobody leases producer ids here: only 0 lies below the first that will be given out.
  private static final long PRODUCER_IDS_ISSUED_BELOW = 1;

  private final Map<Long, List<Sent>> producers = new TreeMap<>();
  private long highestExpired = -1;

  /// What logs of this name that were deleted have placed, by producer.
  private final Map<Long, List<Sent>> former = new TreeMap<>();

  private long highestExpiredOfFormer = -1;
  long start;
  long end;
  boolean givesTime;
  private long lastTime = -1;

  /// Judges and places a run, batch by batch.
  ///
  /// @return what each batch is told, as [TestCluster#told] has it
  List<String> commit(UploadedBatches run, long fileId, long position, long nowMs) {
    List<String> told = new ArrayList<>();
    long at = position;
    boolean joins = false;
    long time = givesTime ? Math.max(lastTime, nowMs) : -1;
    for (int i = 0; i < run.count(); i++) {
      String verdict = judge(run, i);
      if (verdict.equals("PLACED")) {
        verdict += "@" + end + (time == -1 ? "" : ":" + time);
        remember(run, i, time, nowMs);
        lastTime = Math.max(lastTime, time);
        place(run, i, fileId, at, time, joins);
      }
      joins = verdict.startsWith("PLACED");
      told.add(verdict.contains("@") ? verdict : verdict + "@-1");
      at += run.lengths()[i];
    }
    return told;
  }

  /// What a producer has placed, oldest first.
  List<Sent> placedBy(long producerId) {
    return producers.getOrDefault(producerId, List.of());
  }

  void deleteBefore(long offset) {
    start = Math.max(start, offset);
    extents.removeIf(extent -> extent.lastOffset() < start);
  }

  /// Comes after a log of the same name that is deleted.
  void follow(NaiveLog before) {
    former.putAll(before.former);
    before.producers.forEach((producer, all) -> former.put(producer, List.copyOf(all)));
    highestExpiredOfFormer = Math.max(before.highestExpired, before.highestExpiredOfFormer);
  }

  private boolean goesOn(long producer, short epoch, int sequence) {
    List<Sent> all = former.get(producer);
    if (all == null) {
      return producer <= highestExpiredOfFormer;
    }
    Sent last = all.getLast();
    if (last.epoch != epoch) {
      return false;
    }
    long ahead = (long) sequence - last.sequences().getLast() - 1;
    return (ahead < 0 ? ahead + (1L << 31) : ahead) <= 1 << 30
        || all.subList(Math.max(0, all.size() - 5), all.size()).stream()
            .anyMatch(sent -> sent.epoch == epoch && sent.sequence == sequence);
  }

  void expireProducers(long unusedSinceMs) {
    for (Map.Entry<Long, List<Sent>> producer : List.copyOf(former.entrySet())) {
      if (producer.getValue().getLast().atMs < unusedSinceMs) {
        former.remove(producer.getKey());
        highestExpiredOfFormer = Math.max(highestExpiredOfFormer, producer.getKey());
      }
    }

    for (Map.Entry<Long, List<Sent>> producer : List.copyOf(producers.entrySet())) {
      if (producer.getValue().getLast().atMs < unusedSinceMs) {
        producers.remove(producer.getKey());
        highestExpired = Math.max(highestExpired, producer.getKey());
      }
    }
  }

  private void place(
      UploadedBatches run, int i, long fileId, long position, long time, boolean joins) {
    long maxTimestamp = time == -1 ? run.maxTimestampsMs()[i] : time;
    long last = end + run.records()[i] - 1;
    if (joins) {
      Extent before = extents.removeLast();
      extents.add(
          new Extent(
              fileId,
              before.position(),
              before.length() + run.lengths()[i],
              before.baseOffset(),
              last,
              Math.max(before.maxTimestampMs(), maxTimestamp),
              time));
    } else {
      extents.add(new Extent(fileId, position, run.lengths()[i], end, last, maxTimestamp, time));
    }
    end = last + 1;
  }

  private void remember(UploadedBatches run, int i, long time, long nowMs) {
    if (run.producerIds()[i] >= 0) {
      producers
          .computeIfAbsent(run.producerIds()[i], _ -> new ArrayList<>())
          .add(
              new Sent(
                  run.producerEpochs()[i],
                  run.baseSequences()[i],
                  run.records()[i],
                  end,
                  time,
                  nowMs));
    }
  }

  private String judge(UploadedBatches run, int i) {
    if (run.isTransactional(i)) {
      return "UNKNOWN_PRODUCER";
    }
    List<Sent> all = producers.getOrDefault(run.producerIds()[i], List.of());
    long producer = run.producerIds()[i];
    if (producer < 0) {
      return "PLACED";
    }
    if (all.isEmpty()) {
      boolean isNew = producer < PRODUCER_IDS_ISSUED_BELOW && producer > highestExpired;
      int sequence = run.baseSequences()[i];
      return isNew && sequence != 0 && !goesOn(producer, run.producerEpochs()[i], sequence)
          ? "OUT_OF_ORDER_SEQUENCE"
          : "PLACED";
    }
    short epoch = run.producerEpochs()[i];
    if (epoch < all.getLast().epoch) {
      return "INVALID_PRODUCER_EPOCH";
    }
    List<Sent> sent = all.stream().filter(batch -> batch.epoch == epoch).toList();
    if (sent.isEmpty()) {
      return run.baseSequences()[i] == 0 ? "PLACED" : "OUT_OF_ORDER_SEQUENCE";
    }
    Sent asked = new Sent(epoch, run.baseSequences()[i], run.records()[i], 0, 0, 0);
    int known = Math.max(0, sent.size() - 5);
    for (Sent batch : sent.subList(known, sent.size())) {
      if (batch.sequences().equals(asked.sequences())) {
        return "DUPLICATE@" + batch.offset + (batch.time == -1 ? "" : ":" + batch.time);
      }
    }
    int last = sent.getLast().sequences().getLast();
    if (asked.sequence == (last == Integer.MAX_VALUE ? 0 : last + 1)) {
      return "PLACED";
    }
    List<Integer> forgotten = new ArrayList<>();
    sent.subList(0, known).forEach(batch -> forgotten.addAll(batch.sequences()));
    return forgotten.containsAll(asked.sequences())
        ? "DUPLICATE_FORGOTTEN"
        : "OUT_OF_ORDER_SEQUENCE";
  }
}
