package io.weft.controlplane.leader.compaction;

import io.weft.controlplane.api.file.Compactions;
import io.weft.controlplane.leader.compaction.ExtentChoice.Window;
import io.weft.controlplane.state.log.PartitionLogs;
import io.weft.controlplane.state.partition.PartitionLog;
import io.weft.model.Extent;
import io.weft.model.Marker;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Finds partitions with too many extents, and merges neighbours of them: jobs by partition and
/// offset, whatever else their inputs hold. Owned by the leader thread.
///
/// It goes through all partitions, a slice at each look, and again and again. Neighbouring
/// partitions lie in the same files as a rule, so they go into one job up to its limits: the longer
/// the extents are, the fewer partitions.
final class CrowdedPartitions {
  /// Extents that a partition has at most, of those that have been there for a minute and are not
  /// as long as they get.
  static final int EXTENTS_MAX = 64;

  /// More than these are merged: others come while that is done.
  static final int CROWDED = 48;

  /// So many are never too many.
  static final int FEW = 16;

  /// Extents from this length on are as good as they get.
  static final int LONG_BYTES = Compactions.EXTENT_BYTES_MAX / 2;

  /// Jobs that wait for agents.
  private static final int READY_MAX = 16;

  /// Spans of one partition that are looked at in a turn: the newest, and every other turn older
  /// ones.
  private static final int SPANS_MAX = 512;

  private final PartitionLogs logs;
  private final JobLeases leases;
  private final Barred barred;
  private final long bytesMax;
  private final int turn;
  private final List<TopicId> topics;
  private final List<PlannedJob> jobs = new ArrayList<>();
  private SliceUnderWay slice;
  private boolean found;
  private int topic;
  private int partition;

  /// Neighbours that an agent would join.
  ///
  /// @param best of them to be merged
  private record Row(List<Extent> extents, Window best) {}

  /// Which extents are not to be merged now.
  interface Barred {
    /// Whether an agent could not read the file, it has not rested yet, or what the partition has
    /// in it does not add up.
    boolean isBarred(PartitionId partition, long fileId);

    /// Whether something else rewrites the partition.
    boolean isLeft(PartitionId partition);

    /// How many spans at the front of a log will go soon.
    int doomed(TopicId topic, PartitionLog log);
  }

  /// One turn through all partitions.
  ///
  /// @param bytesMax of the extents of one job
  /// @param turn how many there were before
  CrowdedPartitions(PartitionLogs logs, JobLeases leases, Barred barred, long bytesMax, int turn) {
    this.logs = logs;
    this.leases = leases;
    this.barred = barred;
    this.bytesMax = bytesMax;
    this.turn = turn;
    this.topics = logs.topics();
    this.slice = new SliceUnderWay(leases, bytesMax);
  }

  /// @param spansMax about how many spans and partitions to look at
  /// @param waiting jobs that wait for agents
  /// @param nextJob the number of the next job
  /// @return jobs that are complete
  List<PlannedJob> step(int spansMax, int waiting, long nextJob) {
    jobs.clear();
    int looked = 0;
    while (!isDone() && looked < spansMax && waiting + jobs.size() < READY_MAX) {
      looked += 1 + lookAtOne(nextJob);
    }
    if (isDone()) {
      close(nextJob);
    }
    return List.copyOf(jobs);
  }

  /// Whether there were partitions with too many extents, as far as it has come.
  boolean hasFound() {
    return found;
  }

  boolean isDone() {
    return topic == topics.size();
  }

  private int lookAtOne(long nextJob) {
    PartitionId here = new PartitionId(topics.get(topic), partition);
    Optional<PartitionLog> log = logs.find(here);
    if (log.isEmpty()) {
      topic++;
      partition = 0;
      return 0;
    }
    partition++;
    if (log.get().spanCount() <= CROWDED || leases.isBusy(here) || barred.isLeft(here)) {
      return 0;
    }
    int from = first(log.get().spanCount());
    int to = Math.min(log.get().spanCount(), from + SPANS_MAX);
    for (List<Extent> run : choose(log.get(), here, from, to)) {
      if (!slice.takes(run)) {
        close(nextJob);
      }
      slice.add(here, run);
      found = true;
    }
    return to - from;
  }

  private int first(int spans) {
    if (spans <= SPANS_MAX) {
      return 0;
    }
    int older = (spans - 1) / SPANS_MAX;
    return turn % 2 == 0 ? spans - SPANS_MAX : turn / 2 % older * SPANS_MAX;
  }

  private void close(long nextJob) {
    if (!slice.isEmpty()) {
      jobs.add(slice.job(nextJob + jobs.size()));
      slice = new SliceUnderWay(leases, bytesMax);
    }
  }

  /// The extents of one partition that are best merged, if there are too many: by offset.
  private List<List<Extent>> choose(PartitionLog log, PartitionId here, int from, int to) {
    int doomed = barred.doomed(here.topic(), log);
    List<List<Extent>> rows = new ArrayList<>();
    List<Extent> open = new ArrayList<>();
    int rested = 0;
    for (int i = Math.max(from, doomed); i < to; i++) {
      switch (log.span(i)) {
        case Marker _ -> open = begin(rows, open);
        case Extent extent -> {
          boolean isBarred = barred.isBarred(here, extent.fileId());
          rested += isBarred ? 0 : 1;
          if (isBarred || extent.length() >= LONG_BYTES || leases.isWhole(extent.fileId())) {
            open = begin(rows, open);
          } else {
            if (!open.isEmpty() && !areJoined(open.getLast(), extent)) {
              open = begin(rows, open);
            }
            open.add(extent);
          }
        }
      }
    }
    begin(rows, open);
    int shorter = rows.stream().mapToInt(List::size).sum();
    return best(rows, shorter - Math.max(FEW, CROWDED - (rested - shorter)));
  }

  private static List<Extent> begin(List<List<Extent>> rows, List<Extent> row) {
    if (row.size() > 1) {
      rows.add(row);
    }
    return row.isEmpty() ? row : new ArrayList<>();
  }

  /// Whether an agent that merges them makes one of them. It did not where they are neighbours in a
  /// file already.
  private static boolean areJoined(Extent one, Extent next) {
    boolean areNeighbours =
        one.fileId() == next.fileId() && one.position() + one.length() == next.position();
    return !areNeighbours
        && one.logAppendTimeMs() == next.logAppendTimeMs()
        && one.offsets() == next.offsets();
  }

  private void add(List<Row> open, List<Extent> extents) {
    int[] lengths = extents.stream().mapToInt(Extent::length).toArray();
    Window best = ExtentChoice.best(lengths, Compactions.INPUTS_MAX, bytesMax);
    if (!best.isEmpty()) {
      open.add(new Row(extents, best));
    }
  }

  /// Neighbours that are best merged, and the next best, until there are not too many.
  private List<List<Extent>> best(List<List<Extent>> rows, int tooMany) {
    List<List<Extent>> chosen = new ArrayList<>();
    List<Row> open = new ArrayList<>();
    if (tooMany > 0) {
      rows.forEach(row -> add(open, row));
    }
    int left = tooMany;
    while (left > 0 && !open.isEmpty()) {
      int at = 0;
      for (int i = 1; i < open.size(); i++) {
        if (open.get(i).best().growth() > open.get(at).best().growth()) {
          at = i;
        }
      }
      Row row = open.remove(at);
      Window best = row.best();
      chosen.add(List.copyOf(row.extents().subList(best.from(), best.to())));
      add(open, row.extents().subList(0, best.from()));
      add(open, row.extents().subList(best.to(), row.extents().size()));
      left -= best.to() - best.from() - 1;
    }
    chosen.sort(Comparator.comparingLong(run -> run.getFirst().baseOffset()));
    return chosen;
  }
}
