package io.weft.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.weft.simulation.cluster.Build;
import io.weft.simulation.fault.FaultCounts;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/// Whole clusters, one per seed, each played twice.
///
/// `-Dweft.simulation.seed=N` plays that one alone; `-Dweft.simulation.seeds=N` plays so many.
final class SimulationTest {
  private static final int SEEDS = 200;
  private static final int FAILURES_SHOWN = 3;
  private static final double MS_PER_HOUR = 3_600_000;

  /// With fewer seeds than this it is chance whether each fault happens.
  private static final int SEEDS_FOR_COVERAGE = 100;

  /// Where every fault must have happened and one has not, more seeds are played, so many at a
  /// time.
  private static final int SEEDS_ADDED = 50;

  /// So many, all in all: a fault that did not happen until then cannot happen.
  private static final int SEEDS_MAX = 1_000;

  @Test
  void nothingIsLostWhateverHappens() throws InterruptedException {
    Long seed = Long.getLong("weft.simulation.seed");
    int count = seed == null ? Integer.getInteger("weft.simulation.seeds", SEEDS) : 1;
    long first = seed == null ? 1 : seed;
    Seeds seeds = Seeds.play(Build.HONEST, first, count, true);
    FaultCounts counts = summarize(seeds.reports());
    List<Report> failed =
        seeds.reports().stream().filter(report -> !report.isClean()).limit(FAILURES_SHOWN).toList();
    if (seed != null) {
      System.out.println(seeds.reports());
    }
    assertThat(seeds.unjudged()).as("seeds that came to no report").isEmpty();
    assertThat(seeds.reports()).hasSize(count);
    assertThat(failed).isEmpty();
    assertThat(seeds.different()).as("seeds that did not play the same way twice").isEmpty();
    for (long added = count;
        count >= SEEDS_FOR_COVERAGE && !isCovered(counts) && added < SEEDS_MAX;
        added += SEEDS_ADDED) {
      Seeds more = Seeds.play(Build.HONEST, first + added, SEEDS_ADDED, false);
      counts.addAll(summarize(more.reports()));
      assertThat(more.reports().stream().filter(report -> !report.isClean())).isEmpty();
      assertThat(more.unjudged()).as("seeds that came to no report").isEmpty();
    }
    if (count >= SEEDS_FOR_COVERAGE) {
      assertThat(counts.never()).as("faults that never happened").isEmpty();
      assertThat(counts.neverSeen()).as("consequences that were never seen").isEmpty();
      assertThat(Deaths.PATHS).as("what some death must have cut off").allMatch(counts::wasCutOff);
    }
  }

  private static boolean isCovered(FaultCounts counts) {
    return counts.never().isEmpty()
        && counts.neverSeen().isEmpty()
        && Deaths.PATHS.stream().allMatch(counts::wasCutOff);
  }

  private static FaultCounts summarize(List<Report> reports) {
    FaultCounts counts = new FaultCounts();
    reports.forEach(report -> counts.addAll(report.faults()));
    System.out.printf(
        Locale.ROOT,
        "%d seeds, %.1f hours simulated, %d operations, %d batches acknowledged, %d faults: %s%n",
        reports.size(),
        reports.stream().mapToLong(Report::simulatedMs).sum() / MS_PER_HOUR,
        reports.stream().mapToLong(Report::operations).sum(),
        reports.stream().mapToLong(Report::acks).sum(),
        counts.total(),
        counts);
    return counts;
  }
}
