package io.weft.controlplane.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.api.BatchOutcomes;
import io.weft.controlplane.api.BatchOutcomes.Verdict;
import io.weft.controlplane.api.FileOutcome;
import io.weft.controlplane.api.TopicCatalog;
import io.weft.controlplane.api.TopicCatalog.RecordsBefore;
import io.weft.controlplane.api.UploadedBatches;
import io.weft.controlplane.api.admin.Releases;
import io.weft.controlplane.api.topic.DeletedTopics;
import io.weft.controlplane.state.log.LogRecord.ExtentsReplaced;
import io.weft.controlplane.state.log.LogRecord.NewFile;
import io.weft.controlplane.state.log.LogRecord.ReplacedRun;
import io.weft.controlplane.state.log.LogRecord.SumsStated;
import io.weft.controlplane.state.log.ReplaceOutcome;
import io.weft.model.AgentId;
import io.weft.model.BatchSums;
import io.weft.model.Extent;
import io.weft.model.Extent.Offsets;
import io.weft.model.PartitionId;
import io.weft.model.TopicId;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/// A cluster of the second level beside a plain list of all its batches. Owned by one thread.
final class SummedCluster {
  static final int BATCH_BYTES = 100;
  private static final int PARTITIONS = 3;

  /// One that was placed.
  ///
  /// @param offsets that it takes
  record Batch(long offset, int offsets, int crc) {
    long sum(PartitionId partition) {
      return BatchSums.of(partition).of(offset, offsets, crc);
    }
  }

  /// An extent of the log, and what is known of it.
  record Stretch(Extent extent, List<Batch> batches, boolean summed) {}

  final TestCluster cluster = new TestCluster();
  final TreeMap<PartitionId, List<Stretch>> logs = new TreeMap<>();

  /// Logs of deleted topics that can come back.
  final TreeMap<PartitionId, List<Stretch>> kept = new TreeMap<>();

  private final Random random;
  private final AgentId agent;
  private TopicId topic;
  private long nextMerged = 1L << 40;

  SummedCluster(Random random) {
    this.random = random;
    cluster.as(Releases.class).finish(2);
    agent = cluster.register(1);
    topic = create();
  }

  private TopicId create() {
    TopicId created = cluster.topic("t" + random.nextInt(1 << 20), PARTITIONS);
    for (int i = 0; i < PARTITIONS; i++) {
      logs.put(new PartitionId(created, i), new ArrayList<>());
    }
    return created;
  }

  PartitionId anyPartition() {
    return new PartitionId(topic, random.nextInt(PARTITIONS));
  }

  /// Some of the batches are refused.
  void commit(boolean tells) {
    PartitionId partition = anyPartition();
    RunBuilder run = RunBuilder.run(partition);
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      if (random.nextInt(3) == 0) {
        run.idempotent(0, 0, random.nextInt(2), 1);
      } else {
        run.timed(BATCH_BYTES, 1 + random.nextInt(3), cluster.nowMs);
      }
    }
    UploadedBatches plain = run.build();
    int[] crcs = random.ints(count).toArray();
    long fileId = cluster.lease(agent, 1);
    FileOutcome outcome = cluster.commit(agent, fileId, tells ? plain.withChecksums(crcs) : plain);
    BatchOutcomes outcomes = ((FileOutcome.Committed) outcome).partitions().getFirst();
    List<Batch> placed = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      if (outcomes.verdict(i) == Verdict.PLACED) {
        placed.add(new Batch(outcomes.baseOffsets()[i], plain.records()[i], crcs[i]));
      }
    }
    for (Extent extent : cluster.extents(partition, cluster.bounds(partition).logStartOffset())) {
      if (extent.fileId() == fileId) {
        logs.get(partition).add(new Stretch(extent, among(placed, extent), tells));
      }
    }
  }

  private static List<Batch> among(List<Batch> batches, Extent extent) {
    return batches.stream()
        .filter(b -> b.offset() >= extent.baseOffset() && b.offset() <= extent.lastOffset())
        .toList();
  }

  void trim() {
    PartitionId partition = anyPartition();
    long from = cluster.bounds(partition).logStartOffset();
    long to = random.nextLong(from, cluster.bounds(partition).highWatermark() + 1);
    cluster.as(TopicCatalog.class).deleteRecords(List.of(new RecordsBefore(partition, to)));
    logs.get(partition).removeIf(each -> each.extent().lastOffset() < to);
  }

  void deleteTopic() {
    cluster.state.deletion().ledBy(_ -> OptionalLong.empty());
    cluster.as(TopicCatalog.class).delete(topic);
    logs.clear();
    topic = create();
  }

  /// Deletes the topic, which is kept.
  void retireTopic() {
    cluster.state.deletion().ledBy(nowMs -> OptionalLong.of(nowMs + 1_000));
    cluster.as(TopicCatalog.class).delete(topic);
    kept.putAll(logs);
    logs.clear();
    topic = create();
  }

  /// The topic is deleted for good, and the deleted one of the lowest id is there in its place.
  void bringBack() {
    if (!kept.isEmpty()) {
      cluster.state.deletion().ledBy(_ -> OptionalLong.empty());
      cluster.as(TopicCatalog.class).delete(topic);
      logs.clear();
      topic = kept.firstKey().topic();
      assertThat(cluster.as(DeletedTopics.class).undelete(topic, "back" + nextMerged++))
          .isEqualTo(DeletedTopics.UndeleteOutcome.UNDELETED);
      for (int i = 0; i < PARTITIONS; i++) {
        PartitionId partition = new PartitionId(topic, i);
        logs.put(partition, kept.remove(partition));
      }
    }
  }

  /// The deleted topic of the lowest id is let go.
  void letGo() {
    if (!kept.isEmpty()) {
      TopicId gone = kept.firstKey().topic();
      assertThat(cluster.as(DeletedTopics.class).letGo(gone)).isTrue();
      kept.keySet().removeIf(partition -> partition.topic().equals(gone));
    }
  }

  /// Some extents of one partition, and what they may be replaced by.
  record Plan(PartitionId partition, List<Stretch> before, List<Stretch> after) {
    boolean isSummed() {
      return before.stream().allMatch(Stretch::summed);
    }

    List<Batch> batches() {
      return before.stream().flatMap(each -> each.batches().stream()).toList();
    }

    /// As an honest job says it.
    ReplacedRun run() {
      return run(batches(), partition, 0);
    }

    /// @param written the batches as they are in the file, where the extents say that they are
    /// @param summedAs whose they are taken to be
    ReplacedRun run(List<Batch> written, PartitionId summedAs, long removed) {
      List<Long> sums =
          after.stream()
              .map(
                  each ->
                      among(written, each.extent()).stream()
                          .mapToLong(batch -> batch.sum(summedAs))
                          .sum())
              .toList();
      return new ReplacedRun(
          partition,
          before.stream().map(Stretch::extent).toList(),
          after.stream().map(Stretch::extent).toList(),
          sums,
          removed);
    }
  }

  /// @return one without extents, if there are none
  Plan plan(boolean cleaned) {
    PartitionId partition = anyPartition();
    List<Stretch> log = logs.get(partition);
    if (log.isEmpty()) {
      return new Plan(partition, List.of(), List.of());
    }
    int first = random.nextInt(log.size());
    int count = 1 + random.nextInt(Math.min(5, log.size() - first));
    List<Stretch> before = List.copyOf(log.subList(first, first + count));
    List<Batch> all = new Plan(partition, before, List.of()).batches();
    List<Batch> kept = new ArrayList<>(all);
    if (cleaned) {
      kept.removeIf(_ -> random.nextBoolean());
      if (kept.isEmpty()) {
        kept.add(all.getLast());
      }
    }
    long fileId = nextMerged++;
    List<Stretch> after = new ArrayList<>();
    // At a border between batches, wherever the extents before have theirs.
    int cut = cleaned ? kept.size() : 1 + random.nextInt(kept.size());
    long end = before.getLast().extent().lastOffset();
    long border = cut == kept.size() ? end : kept.get(cut).offset() - 1;
    long start = before.getFirst().extent().baseOffset();
    if (border < cluster.bounds(partition).logStartOffset()) {
      cut = kept.size();
      border = end;
    }
    Offsets offsets =
        cleaned || before.stream().anyMatch(each -> each.extent().hasOwnOffsets())
            ? Offsets.OWN
            : Offsets.DENSE;
    after.add(stretch(fileId, 16, kept.subList(0, cut), start, border, before, offsets));
    if (cut < kept.size()) {
      after.add(
          stretch(
              fileId,
              16 + cut * BATCH_BYTES,
              kept.subList(cut, kept.size()),
              border + 1,
              end,
              before,
              offsets));
    }
    return new Plan(partition, before, after);
  }

  private static Stretch stretch(
      long fileId,
      int position,
      List<Batch> batches,
      long start,
      long end,
      List<Stretch> before,
      Offsets offsets) {
    long maxMs =
        before.stream()
            .map(Stretch::extent)
            .filter(each -> each.baseOffset() <= end && each.lastOffset() >= start)
            .mapToLong(Extent::maxTimestampMs)
            .max()
            .orElseThrow();
    Extent extent =
        new Extent(fileId, position, batches.size() * BATCH_BYTES, start, end, maxMs, -1, offsets);
    return new Stretch(extent, List.copyOf(batches), true);
  }

  ReplaceOutcome replace(Plan plan, ReplacedRun run) {
    long fileId = plan.after().getFirst().extent().fileId();
    return cluster
        .in()
        .logs()
        .replace(new ExtentsReplaced(List.of(new NewFile(fileId, 1 << 20)), List.of(run)));
  }

  /// Replaces, which must be done, and keeps book.
  void replaced(Plan plan, ReplacedRun run) {
    assertThat(replace(plan, run)).isEqualTo(new ReplaceOutcome.Replaced());
    List<Stretch> log = logs.get(plan.partition());
    int index = log.indexOf(plan.before().getFirst());
    log.subList(index, index + plan.before().size()).clear();
    log.addAll(index, plan.after());
  }

  /// The batches, but for one.
  static List<Batch> altered(Plan plan, int index, UnaryOperator<Batch> alteration) {
    List<Batch> batches = new ArrayList<>(plan.batches());
    batches.set(index, alteration.apply(batches.get(index)));
    return batches;
  }

  void check(String where) {
    SumsStated stated = stated();
    TreeMap<PartitionId, List<Stretch>> there = new TreeMap<>(logs);
    there.putAll(kept);
    List<Stretch> all = there.values().stream().flatMap(List::stream).toList();
    assertThat(stated.extents()).as(where).isEqualTo(all.size());
    assertThat(stated.unsummed())
        .as(where)
        .isEqualTo(all.stream().filter(each -> !each.summed()).count());
    long live = 0;
    for (var log : there.entrySet()) {
      long ofLog = 0;
      for (Stretch each : log.getValue()) {
        if (each.summed()) {
          ofLog += each.batches().stream().mapToLong(batch -> batch.sum(log.getKey())).sum();
        }
      }
      assertThat(cluster.state.logs().findKept(log.getKey()).orElseThrow().sum())
          .as(where)
          .isEqualTo(ofLog);
      live += ofLog;
    }
    assertThat(stated.live()).as(where).isEqualTo(live);
    assertThat(stated.produced() - stated.deleted()).as(where).isEqualTo(live);
  }

  /// What the state says it has.
  SumsStated stated() {
    cluster.in().logs().stateSums();
    return (SumsStated) cluster.records.getLast();
  }
}
