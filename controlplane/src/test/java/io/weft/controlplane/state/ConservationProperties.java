package io.weft.controlplane.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.controlplane.state.SummedCluster.Batch;
import io.weft.controlplane.state.SummedCluster.Plan;
import io.weft.controlplane.state.SummedCluster.Stretch;
import io.weft.controlplane.state.log.LogRecord.ReplacedRun;
import io.weft.controlplane.state.log.ReplaceOutcome;
import io.weft.model.PartitionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever is committed, trimmed, deleted, brought back, merged and cleaned: what was produced is
/// there or was deleted, and a swap that does not add up is refused.
final class ConservationProperties {
  private static final int STEPS = 400;

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void whatWasProducedIsThereOrDeleted(long seed) {
    Random random = new Random(seed);
    SummedCluster summed = new SummedCluster(random);
    for (int step = 0; step < STEPS; step++) {
      step(summed, random, new TreeSet<>());
      summed.check("seed %d, step %d".formatted(seed, step));
      if (step % 40 == 0) {
        byte[] snapshot = summed.cluster.snapshot();
        assertThat(TestCluster.snapshot(TestCluster.restored(snapshot))).isEqualTo(snapshot);
        assertThat(TestCluster.snapshot(summed.cluster.replica())).isEqualTo(snapshot);
        summed.cluster.state = TestCluster.restored(snapshot);
      }
    }
  }

  @Test
  void everyKindOfWrongSwapIsTried() {
    Set<String> tried = new TreeSet<>();
    for (long seed = 1; seed <= 10; seed++) {
      Random random = new Random(seed);
      SummedCluster summed = new SummedCluster(random);
      for (int step = 0; step < STEPS; step++) {
        step(summed, random, tried);
      }
    }
    assertThat(tried)
        .containsExactlyInAnyOrder(
            "altered",
            "of another partition",
            "two exchanged",
            "one twice, another not",
            "one left out",
            "moved",
            "without sums",
            "said to remove",
            "merged",
            "merged without all sums",
            "cleaned",
            "cleaned, one more gone");
  }

  private static void step(SummedCluster summed, Random random, Set<String> tried) {
    summed.cluster.nowMs += random.nextInt(10);
    switch (random.nextInt(43)) {
      case 0 -> summed.deleteTopic();
      case 40 -> summed.retireTopic();
      case 41 -> summed.bringBack();
      case 42 -> summed.letGo();
      case 1, 2 -> summed.trim();
      case 3, 4, 5, 6, 7, 8 -> merge(summed, summed.plan(false), tried);
      case 9, 10 -> clean(summed, summed.plan(true), tried);
      case 11, 12, 13, 14, 15, 16, 17, 18, 19, 20 ->
          mergeWrongly(summed, summed.plan(false), random, tried);
      default -> summed.commit(random.nextInt(4) > 0);
    }
  }

  private static void merge(SummedCluster summed, Plan plan, Set<String> tried) {
    if (!plan.before().isEmpty()) {
      tried.add(plan.isSummed() ? "merged" : "merged without all sums");
      summed.replaced(plan, plan.run());
    }
  }

  /// Bytes go on purpose: what goes is stated.
  private static void clean(SummedCluster summed, Plan plan, Set<String> tried) {
    if (plan.before().isEmpty()) {
      return;
    }
    List<Batch> kept = plan.after().stream().flatMap(each -> each.batches().stream()).toList();
    List<Batch> gone = new ArrayList<>(plan.batches());
    gone.removeAll(kept);
    long removed = gone.stream().mapToLong(each -> each.sum(plan.partition())).sum();
    if (plan.isSummed() && kept.size() > 1) {
      List<Batch> lost = kept.subList(1, kept.size());
      tried.add("cleaned, one more gone");
      assertThat(summed.replace(plan, plan.run(lost, plan.partition(), removed)))
          .isInstanceOf(ReplaceOutcome.Refused.class);
    }
    if (!gone.isEmpty()) {
      tried.add("cleaned");
    }
    summed.replaced(plan, plan.run(kept, plan.partition(), removed));
  }

  private static void mergeWrongly(
      SummedCluster summed, Plan plan, Random random, Set<String> tried) {
    if (plan.before().isEmpty() || !plan.isSummed()) {
      return;
    }
    List<Batch> batches = plan.batches();
    int one = random.nextInt(batches.size());
    int other = random.nextInt(batches.size());
    int crc = batches.get(other).crc();
    PartitionId partition = plan.partition();
    List<Batch> exchanged = new ArrayList<>(SummedCluster.altered(plan, one, b -> crcOf(b, crc)));
    exchanged.set(other, crcOf(batches.get(other), batches.get(one).crc()));
    PartitionId another = new PartitionId(partition.topic(), partition.partition() + 1);
    List<Batch> fewer = new ArrayList<>(batches);
    fewer.remove(one);
    refused(summed, plan, "altered", tried, altered(plan, one));
    refused(summed, plan, "of another partition", tried, plan.run(batches, another, 0));
    if (one != other) {
      refused(summed, plan, "two exchanged", tried, plan.run(exchanged, partition, 0));
      refused(
          summed,
          plan,
          "one twice, another not",
          tried,
          plan.run(SummedCluster.altered(plan, one, b -> crcOf(b, crc)), partition, 0));
    }
    refused(summed, plan, "one left out", tried, plan.run(fewer, partition, 0));
    refused(summed, plan, "said to remove", tried, plan.run(batches, partition, 1));
    refused(
        summed,
        plan,
        "moved",
        tried,
        plan.run(
            SummedCluster.altered(plan, one, b -> new Batch(b.offset() + 1, b.offsets(), b.crc())),
            partition,
            0));
    refused(
        summed,
        plan,
        "without sums",
        tried,
        new ReplacedRun(
            partition,
            plan.before().stream().map(Stretch::extent).toList(),
            plan.after().stream().map(Stretch::extent).toList()));
  }

  private static ReplacedRun altered(Plan plan, int index) {
    return plan.run(
        SummedCluster.altered(plan, index, b -> crcOf(b, b.crc() ^ 1)), plan.partition(), 0);
  }

  private static Batch crcOf(Batch batch, int crc) {
    return new Batch(batch.offset(), batch.offsets(), crc);
  }

  private static void refused(
      SummedCluster summed, Plan plan, String kind, Set<String> tried, ReplacedRun run) {
    tried.add(kind);
    long before = summed.cluster.state.logs().conservation().refused();
    byte[] snapshot = summed.cluster.snapshot();
    assertThat(summed.replace(plan, run)).as(kind).isInstanceOf(ReplaceOutcome.Refused.class);
    assertThat(summed.cluster.state.logs().conservation().refused()).as(kind).isEqualTo(before + 1);
    assertThat(summed.cluster.snapshot()).as(kind).isEqualTo(snapshot);
  }
}
